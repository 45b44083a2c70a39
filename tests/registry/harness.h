/* What the registry's tests share: an empty county, and batches from YAML. */
#pragma once

#include "registry/registry.h"
#include "support.h"

typedef struct {
  char *folder, *path;
  RegistrySchema *schema;
  Registry *registry;
} County;

/* A fresh file with the schema of tests/registry/county.yaml. */
void county_open (County *county, gconstpointer flags);
void county_close (County *county, gconstpointer unused);

/* An instant: the first second (UTC) of DAY ("2021-10-01"). */
gint64 county_instant (const char *day);
Day county_day (const char *day);
Subject county_subject (const County *county, const char *id);
const RegistryAttribute *county_attribute (const County *county, const char *entity, const char *id);

/* A writer and one batch in it. */
RegistryWriter *county_writer (County *county);
RegistryBatchId county_batch (RegistryWriter *writer, const char *source, const char *day,
                              const char *complete_of);
/* One fact, from text ("~" is none), valid for ever. */
void county_state (County *county, RegistryWriter *writer, RegistryBatchId batch, const char *subject,
                   const char *id, const char *text);
void county_commit (RegistryWriter *writer);

/* Write all batches of a YAML list; see reading.yaml. */
void county_apply (County *county, YamlFile *file, const yaml_node_t *batches);

/* "none", "2500.00", "unknown: 居民.月收入", "[…]", "{}": for comparing. */
char *county_show (FeelValue value);
/* "民政局 1.00; 公安局 none": what contradicts FACT. */
char *county_rivals (const RegistryProvenance *fact);
/* The value at the end of PATH (names joined by points) of a reading. */
char *county_read (County *county, const char *subject, const char *path, Day valid_at, gint64 known_at,
                   char **sources, bool *assumed);
