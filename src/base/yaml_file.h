/* YAML: a file's nodes with their places, through libyaml.
 *
 * Scalars stay text: "no" is a word and 0123 keeps its zero.  Every fault names
 * file and line, an unknown key with the nearest known one. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <yaml.h>
#include "text.h"

typedef struct {
  const char *path; /* for messages */
  yaml_document_t document;
} YamlFile;

/* Parse one document.  FAULT_INPUT with file:line. */
bool yaml_file_parse (YamlFile *file, const char *path, Text source, GError **error);
void yaml_file_clear (YamlFile *file);
yaml_node_t *yaml_file_root (YamlFile *file);
yaml_node_t *yaml_file_node (YamlFile *file, int id);
/* "path:line: " + message, as FAULT_INPUT; returns false. */
bool yaml_fail (const YamlFile *file, const yaml_node_t *node, GError **error, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
/* NODE is a mapping whose keys are all in KNOWN (NULL-terminated), each once. */
bool yaml_check_mapping (YamlFile *file, yaml_node_t *node, const char *const *known, const char *what,
                         GError **error);
/* The value of KEY, NULL when absent. */
yaml_node_t *yaml_get (YamlFile *file, const yaml_node_t *mapping, const char *key);
/* The text of a scalar: *TEXT stays untouched when KEY is absent and not REQUIRED. */
bool yaml_get_text (YamlFile *file, const yaml_node_t *mapping, const char *key, bool required, Text *text,
                    GError **error);
/* The scalar's text; false with a fault when NODE is none. */
bool yaml_text (YamlFile *file, const yaml_node_t *node, const char *what, Text *text, GError **error);
/* The member of NAMES (NULL-terminated) nearest to WORD, or NULL when none is near. */
const char *yaml_nearest (const char *word, const char *const *names);
