#include "county.h"
#include "naming.h"
#include "showcase.h"
#include "streams.h"

#include <string.h>

Text
demo_short_name (Text township)
{
  static const char *const kinds[] = { "街道", "镇", "乡", "农场" };
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (text_ends_with (township, kinds[i]))
      return (Text){ township.bytes, township.len - strlen (kinds[i]) };
  return township;
}

static const char *
township_kind (const DemoTownship *t)
{
  switch (identity_division_kind (t->code)) {
  case DIVISION_STREET: return "街道";
  case DIVISION_TOWN: return "镇";
  case DIVISION_TOWNSHIP: return "乡";
  default: return "农场";
  }
}

static bool
write_place (DemoCounty *c, Subject place, const char *name, const char *code, const char *kind,
             Subject parent, const DemoTownship *t, bool rural, GError **error)
{
  DemoPen *pen = &c->pen;
  demo_pen_begin (pen, place, demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)place));
  demo_pen_string (pen, DEMO_PLACE_NAME, name);
  demo_pen_string (pen, DEMO_PLACE_CODE, code);
  demo_pen_string (pen, DEMO_PLACE_KIND, kind);
  demo_pen_reference (pen, DEMO_PLACE_PARENT, parent);
  demo_pen_text (pen, DEMO_PLACE_TOWNSHIP, t->code);
  demo_pen_boolean (pen, DEMO_PLACE_RURAL, rural);
  demo_put_place (c, place, rural, parent == 0);
  c->summary->places++;
  return demo_pen_end (pen, error);
}

/* Communities and villages bear codes from 901 on, which the statistical
 * division codes do not use (001–199 communities, 200–399 villages). */
static bool
write_village (DemoCounty *c, size_t township, gint64 i, GError **error)
{
  const DemoTownship *t = &c->data->townships[township];
  bool rural = i >= t->communities;
  char serial[DEMO_NAME_SIZE], name[DEMO_NAME_SIZE + 32], code[16];
  demo_serial_name (serial, rural ? i - t->communities : i);
  g_snprintf (name, sizeof name, "样例%s%s", serial, rural ? "村" : "社区");
  g_snprintf (code, sizeof code, "%s%03d", t->code.bytes, (int)(901 + i));
  return write_place (c, c->villages[township][i], name, code, rural ? "村" : "社区", c->townships[township],
                      t, rural, error);
}

bool
demo_write_places (DemoCounty *c, Arena *arena, GError **error)
{
  size_t n = c->data->n_townships;
  c->townships = arena_new0 (arena, Subject, n);
  c->villages = arena_new0 (arena, Subject *, n);
  for (size_t i = 0; i < n; i++) {
    const DemoTownship *t = &c->data->townships[i];
    c->townships[i] = demo_pen_subject (&c->pen, DEMO_PLACE);
    if (!write_place (c, c->townships[i], t->name.bytes, t->code.bytes, township_kind (t), 0, t,
                      identity_division_kind (t->code) != DIVISION_STREET, error))
      return false;
  }
  for (size_t i = 0; i < n; i++) {
    gint64 parts = c->data->townships[i].communities + c->data->townships[i].villages;
    c->villages[i] = arena_new0 (arena, Subject, parts);
    for (gint64 k = 0; k < parts; k++) {
      c->villages[i][k] = demo_pen_subject (&c->pen, DEMO_PLACE);
      if (!write_village (c, i, k, error))
        return false;
    }
  }
  return true;
}

/* ---- parks ------------------------------------------------------------- */

static void
begin_park (DemoCounty *c, Subject park, const char *name, const char *kind, Text township)
{
  char code[16];
  DemoPen *pen = &c->pen;
  g_snprintf (code, sizeof code, "MHYQ-%02d", (int)subject_number (park));
  demo_pen_begin (pen, park, (DemoRandom){ 0 });
  demo_pen_string (pen, DEMO_PARK_NAME, name);
  demo_pen_copy (pen, DEMO_PARK_CODE, code);
  demo_pen_string (pen, DEMO_PARK_KIND, kind);
  demo_pen_text (pen, DEMO_PARK_TOWNSHIP, township);
  c->summary->parks++;
}

/* A recognition for each level at which the park is listed. */
static bool
write_listings (DemoCounty *c, Subject park, const char *listed, GError **error)
{
  static const char *const levels[] = { "市级", "省级" };
  bool ok = true;
  for (size_t i = 0; ok && listed && i < G_N_ELEMENTS (levels); i++)
    if (strstr (listed, levels[i]))
      ok = demo_write_recognition (c, DEMO_RECOGNITION_OF_PARK, park, "人力资源服务产业园", levels[i], error);
  return ok;
}

static bool
write_showcase_park (DemoCounty *c, const DemoShowcasePark *p, size_t township, GError **error)
{
  DemoPen *pen = &c->pen;
  Subject park = demo_pen_subject (pen, DEMO_PARK);
  begin_park (c, park, p->name, "人力资源服务产业园", c->data->townships[township].code);
  demo_pen_boolean (pen, DEMO_PARK_NOMINATED, p->nominated);
  if (p->level)
    demo_pen_string (pen, DEMO_PARK_LEVEL, p->level);
  demo_pen_number (pen, DEMO_PARK_AWARD_PAID, p->paid);
  return demo_pen_end (pen, error) && write_listings (c, park, p->level, error);
}

static bool
write_park (DemoCounty *c, Subject park, const DemoPark *p, GError **error)
{
  DemoPen *pen = &c->pen;
  begin_park (c, park, p->name.bytes, p->kind.bytes, p->township);
  demo_pen_boolean (pen, DEMO_PARK_NOMINATED, false);
  demo_pen_none (pen, DEMO_PARK_LEVEL);
  demo_pen_number (pen, DEMO_PARK_AWARD_PAID, 0);
  demo_put_park (c, park);
  return demo_pen_end (pen, error);
}

bool
demo_write_parks (DemoCounty *c, Arena *arena, GError **error)
{
  size_t n;
  const DemoShowcasePark *showcases = demo_showcase_parks (&n);
  for (size_t i = 0; i < n; i++)
    if (!write_showcase_park (c, &showcases[i], i % c->data->n_townships, error))
      return false;
  c->parks = arena_new0 (arena, Subject, c->data->n_parks);
  for (size_t i = 0; i < c->data->n_parks; i++) {
    c->parks[i] = demo_pen_subject (&c->pen, DEMO_PARK);
    if (!write_park (c, c->parks[i], &c->data->parks[i], error))
      return false;
  }
  return true;
}
