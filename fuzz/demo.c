#include "demo/life.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Any bytes as a data file: refused, or households can be made from it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Arena) arena = arena_new ();
  const DemoData *county = demo_data_read (arena, (const char *)data, size, "county.yaml", NULL);
  if (!county)
    return 0;
  const DemoOrganisations *organisations = demo_organisations_new (arena, county, 1, 100);
  for (gint64 i = 0; i < 20; i++) {
    DemoHousehold household;
    DemoHome home;
    DemoLife lives[DEMO_MEMBERS_MAX];
    demo_household_make (&household, county, 1, i, 10 * i, DEMO_MEMBERS_MAX);
    demo_lives_make (&home, lives, &household, county, organisations, 1);
  }
  return 0;
}
