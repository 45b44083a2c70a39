/* Reading a SPEC.yaml: what its parts share. */
#pragma once

#include "allocation/allocation.h"
#include "sheet/sheet.h"

/* Where something stands, for faults. */
typedef struct {
  const char *path;
  gint64 number;
  bool is_row; /* of a table; else a line of YAML */
} SpecPlace;

/* A reserve, or a run of open places, before the unit's places are known. */
typedef struct SpecRun SpecRun;
struct SpecRun {
  SpecPlace place;
  AllocationSlotKind kind;
  guint8 trait;
  bool is_dedicated, is_rest, is_share, of_places;
  guint64 number;                 /* unless a share */
  guint64 numerator, denominator; /* of a share */
  gint64 base;                    /* of a share: a count, or -1: all posts of the draw */
  const char *name;
  SpecRun *matched; /* of ALLOCATION_MATCHED: each trait's seats */
  size_t n_matched;
};

typedef struct {
  SpecPlace place;
  const char *id;
  guint64 places;
  guint32 region, target; /* as AllocationUnit's */
  GArray *runs;           /* of SpecRun; NULL: the draw's */
} SpecUnit;

typedef struct {
  SpecPlace place;
  const char *id;
  guint64 traits;
  const char *family;       /* or NULL */
  guint32 first, n_choices; /* into `choices` */
} SpecRow;

typedef struct {
  YamlFile file;
  Arena *arena;
  char *folder; /* what file names in the spec are relative to */
  AllocationSpec *spec;
  GArray *runs;                               /* of SpecRun: the draw's default */
  GArray *units, *rows;                       /* of SpecUnit, SpecRow */
  GArray *choices;                            /* of guint32 */
  GArray **values;                            /* per key, of gint64, in the order of rows */
  bool siblings;                              /* are brought together */
  GHashTable *unit_of, *trait_of, *region_of; /* id to index + 1 */
  guint32 *chosen_by;                         /* per unit: the last applicant, from 1, who chose it */
  GError **error;
} SpecReading;

/* "PATH:LINE: …" or "PATH: row N: …", as FAULT_INPUT; returns false. */
bool spec_fail (SpecReading *r, SpecPlace place, const char *format, ...) G_GNUC_PRINTF (3, 4);
SpecPlace spec_line (const SpecReading *r, const yaml_node_t *node);
/* A whole number from 0 to MOST. */
bool spec_number (SpecReading *r, SpecPlace place, const char *what, Text text, guint64 most,
                  guint64 *number);
/* The index of ID in TABLE, or -1. */
gint64 spec_index (GHashTable *table, const char *id);
void spec_remember (SpecReading *r, GHashTable *table, const char *id, size_t index);

/* spec_slots.c: caps, runs of places from YAML, and from runs each unit's slots. */
bool spec_read_regions (SpecReading *r, yaml_node_t *node);
bool spec_read_runs (SpecReading *r, yaml_node_t *node, GArray *runs);
bool spec_lay_slots (SpecReading *r);
/* spec_rows.c: units and applicants, inline or from a table. */
bool spec_read_units (SpecReading *r, yaml_node_t *node);
bool spec_read_applicants (SpecReading *r, yaml_node_t *node);
