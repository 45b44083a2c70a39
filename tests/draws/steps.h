/* What tests of rounds share: a town with a clock of its own, calls that must go or be refused, facts in few
 * words. */
#pragma once

#include "town.h"

#include <string.h>
#include "draws/draws.h"
#include "notices/notices.h"
#include "support.h"

static PolicyPackage *package;
static Town town;
static Draws *draws;
static gint64 now;

static gint64
clock_ (gpointer data)
{
  return now;
}

static gint64
noon (gint64 year, int month, int day)
{
  return civil_to_day (year, month, day) * 86400 + 4 * 3600;
}

#define REFUSED(call, code)                                                                                  \
  {                                                                                                          \
    GError *refused = NULL;                                                                                  \
    g_assert_false (call);                                                                                   \
    g_assert_error (refused, FAULT, code);                                                                   \
    g_clear_error (&refused);                                                                                \
  }
#define GOES(call)                                                                                           \
  {                                                                                                          \
    GError *why = NULL;                                                                                      \
    bool done = (call);                                                                                      \
    g_assert_no_error (why);                                                                                 \
    g_assert_true (done);                                                                                    \
  }

static const char *
fresh (void)
{
  static char key[32];
  static unsigned number;
  g_snprintf (key, sizeof key, "key-%u", ++number);
  return key;
}

/* ---- a town ------------------------------------------------------------------------ */

typedef struct {
  const char *attribute, *text; /* NULL: none */
} Said;

static Subject
settle (RegistryWriter *writer, const char *entity_id, const Said *said, size_t n)
{
  GError *error = NULL;
  const RegistrySchema *schema = policy_schema (package);
  const RegistryEntity *entity = registry_schema_entity (schema, entity_id);
  Subject subject = registry_writer_subject (writer, entity);
  for (size_t i = 0; i < n; i++) {
    RegistryFact fact
        = { .attribute = registry_entity_attribute (entity, said[i].attribute), .state = REGISTRY_NONE };
    g_assert_nonnull (fact.attribute);
    if (said[i].text)
      registry_fact_parse (schema, fact.attribute, text_of (said[i].text), &fact, &error);
    g_assert_no_error (error);
    RegistryBatch about = { .source = fact.attribute->source, .actor = "test", .recorded_at = now };
    RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
    g_assert_true (
        registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error));
    g_assert_no_error (error);
  }
  return subject;
}
