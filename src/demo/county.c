#include "county.h"
#include "naming.h"
#include "showcase.h"

static bool
check_options (const DemoOptions *options, GError **error)
{
  if (options->residents >= 1 && options->residents <= DEMO_RESIDENTS_MAX)
    return true;
  g_set_error (error, FAULT, FAULT_USAGE,
               "a county of %" G_GINT64_FORMAT " residents cannot be made: ask for 1 to %d",
               options->residents, DEMO_RESIDENTS_MAX);
  return false;
}

static bool
write_county (DemoCounty *county, Arena *arena, const RegistrySchema *schema, const DemoOptions *options,
              const DemoSink *sink, GError **error)
{
  if (!demo_pen_open (&county->pen, schema, county->data, sink, county->summary, error)
      || !demo_write_catalogues (county, options->catalogues, error)
      || !demo_write_places (county, arena, error) || !demo_write_parks (county, arena, error))
    return false;
  demo_cases_number (county, false); /* first, so that their numbers do not depend on the county's size */
  demo_number_organisations (county);
  return demo_write_events (county, error) && demo_write_people (county, options, error)
         && demo_write_organisations (county, error) && demo_write_registers (county, options, error);
}

bool
demo_generate (const RegistrySchema *schema, const char *distributions, const DemoOptions *options,
               const DemoSink *sink, DemoSummary *summary, GError **error)
{
  G_STATIC_ASSERT ((int)DEMO_RESIDENTS_MAX <= (int)DEMO_PEOPLE_MAX);
  if (!check_options (options, error))
    return false;
  g_autoptr (Arena) arena = arena_new ();
  DemoSummary counted = { 0 };
  DemoCounty county = { .seed = options->seed, .summary = &counted };
  if (options->showcases && options->residents >= demo_showcases_residents (options->showcases))
    county.showcases = options->showcases;
  if (!(county.data = demo_data_load (arena, distributions, error)))
    return false;
  counted.as_of = county.data->as_of;
  county.organisations = demo_organisations_new (arena, county.data, options->seed, options->residents);
  if (!write_county (&county, arena, schema, options, sink, error))
    return false;
  if (summary)
    *summary = counted;
  return true;
}

/* ---- numbers only ------------------------------------------------------ */

typedef struct {
  gint64 subjects[64], batches; /* by index of the entity */
} Counts;

static RegistryBatchId
count_batch (gpointer data, const RegistryBatch *batch, GError **error)
{
  return ++((Counts *)data)->batches;
}

static Subject
count_subject (gpointer data, const RegistryEntity *entity)
{
  Counts *counts = data;
  g_assert (entity->index < (int)G_N_ELEMENTS (counts->subjects));
  return subject_make (entity, ++counts->subjects[entity->index]);
}

static bool
count_nothing (gpointer data, RegistryBatchId batch, Subject subject, Day valid_from, Day valid_to,
               const RegistryFact *facts, size_t n, GError **error)
{
  return true;
}

bool
demo_showcases_number (DemoShowcases *showcases, const RegistrySchema *schema, const char *distributions,
                       const char *const *catalogues, GError **error)
{
  Counts counts = { 0 };
  DemoSink sink = { count_batch, count_subject, count_nothing, &counts };
  DemoOptions options = { .residents = demo_showcases_residents (showcases),
                          .seed = 1,
                          .catalogues = catalogues,
                          .showcases = showcases };
  return demo_generate (schema, distributions, &options, &sink, NULL, error);
}
