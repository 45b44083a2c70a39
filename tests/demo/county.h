/* county — a synthetic county held in memory, for tests to look through. */
#pragma once

#include "demo/demo.h"
#include "support.h"

typedef struct {
  const RegistryAttribute *attribute;
  RegistryState state;
  gint64 integer;
  char *text; /* of texts, otherwise NULL */
  RegistryBatchId batch;
  Day valid_from;
} CountyFact;

typedef struct {
  RegistrySchema *schema;
  DemoSummary summary;
  char *digest;       /* SHA-256 over every batch and fact in order */
  GPtrArray *sources; /* department of batch 1, 2, … */
  GArray *facts;
  /* per entity: where the facts of subject 1, 2, … begin */
  GArray *starts[64];
  GChecksum *sum;
} County;

/* The schema of the package, the path of the data file. */
RegistrySchema *county_schema (void);
char *county_data (void);

County *county_new (gint64 residents, guint64 seed);
void county_free (County *county);

gint64 county_size (const County *county, const char *entity);
Subject county_subject (const County *county, const char *entity, gint64 number);
/* What was first stated about ATTRIBUTE of a subject; NULL when nothing. */
const CountyFact *county_fact (const County *county, Subject subject, const char *attribute);
/* Its value; DEFAULT when it is unstated or none. */
gint64 county_integer (const County *county, Subject subject, const char *attribute, gint64 otherwise);
/* "" when unstated or none. */
const char *county_text (const County *county, Subject subject, const char *attribute);
bool county_is (const County *county, Subject subject, const char *attribute, const char *text);
/* All facts of a subject. */
const CountyFact *county_facts (const County *county, Subject subject, size_t *n);
int county_age (const County *county, Subject resident);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (County, county_free)
