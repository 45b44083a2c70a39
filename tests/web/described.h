/* A server asked by curl, and its answers held against docs/api/openapi.yaml: every answer has the members
 * required, of the types given, and no others. */
#pragma once

#include "base/base.h"
#include "base/yaml_file.h"

extern YamlFile description; /* docs/api/openapi.yaml */
extern char *base;           /* http://127.0.0.1:… */

/* What curl prints, with ARGUMENTS (NULL-terminated).  Caller frees. */
char *curl (const char *const *arguments);
/* GET PATH with COOKIES (a file, or "none=1"): the body, and the status. */
const JsonValue *get (Arena *arena, const char *path, const char *cookies, unsigned *status);
/* The cookies of ACCOUNT, logged in anew; NULL: of nobody. */
const char *log_in (Arena *arena, const char *folder, const char *account);
/* The session's form token as a header. */
const char *form_header (Arena *arena, const char *jar);
/* Posts FIELDS as ACCOUNT with its form token; the body (may be no JSON: NULL) and status. */
const JsonValue *post (Arena *arena, const char *folder, const char *account, const char *path,
                       const char *fields, unsigned *status);
/* BODY is what TEMPLATE (a described path) says of METHOD ("get") for STATUS. */
void check_answer (const JsonValue *body, const char *method, const char *template, unsigned status);
/* The same of "post", where the path has it, else of "get". */
void check_described (const JsonValue *body, const char *template, unsigned status);
/* A member of a YAML mapping; NULL where there is none. */
yaml_node_t *at (yaml_node_t *node, const char *key);
const char *scalar (yaml_node_t *node);
