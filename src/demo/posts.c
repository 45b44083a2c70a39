/* Posts on offer, and what organisations are recognised as. */
#include "county.h"
#include "naming.h"
#include "streams.h"

static bool
is_business (const DemoOrganisation *o)
{
  return o->kind == DEMO_FIRM || o->kind == DEMO_HR_AGENCY;
}

/* The row of TABLE for an organisation: its trade or kind, else "other". */
static const DemoRow *
row_for (const DemoTable *table, const DemoOrganisation *o)
{
  const DemoRow *row = o->kind == DEMO_FIRM ? demo_row_text (table, o->trade)
                                            : demo_row (table, demo_organisation_kind_ids[o->kind]);
  return row ? row : demo_row (table, "other");
}

/* "无" of the data file is none. */
static Text
none_of (Text text)
{
  return text_equal (text, text_of ("无")) ? text_of ("") : text;
}

static void
put_conditions (DemoCounty *c, const DemoOrganisation *o, DemoRandom *r)
{
  DemoPen *pen = &c->pen;
  const DemoData *d = c->data;
  const char *row = is_business (o) ? "firm" : "others";
  bool public_body = o->kind == DEMO_PUBLIC_BODY;
  Text dedicated
      = none_of (demo_pick_text (demo_row (d->post_dedicated, public_body ? "public_body" : row), r));
  bool welfare = text_equal (dedicated, text_of ("就业困难人员"));
  bool shortage = !is_business (o) && !welfare && demo_happens (demo_row (d->post_asks, "shortage"), r);
  bool hukou = !is_business (o) && demo_happens (demo_row (d->post_asks, "hukou"), r);
  bool sex = demo_happens (demo_row (d->post_asks, "sex"), r);
  bool age = demo_happens (demo_row (d->post_asks, "age"), r);
  demo_pen_string (pen, DEMO_POST_KIND,
                   is_business (o) ? "企业岗位"
                   : welfare       ? "公益性岗位"
                                   : "事业单位岗位");
  demo_pen_text (pen, DEMO_POST_EDUCATION, none_of (demo_pick_text (demo_row (d->post_education, row), r)));
  demo_pen_text (pen, DEMO_POST_DEDICATED_TO, dedicated);
  demo_pen_string (pen, DEMO_POST_ROUND, dedicated.len ? "专项招聘" : shortage ? "简化招聘" : "公开招聘");
  demo_pen_boolean (pen, DEMO_POST_SHORTAGE, shortage);
  demo_pen_string (pen, DEMO_POST_HUKOU, hukou ? "本县及周边县" : "");
  demo_pen_string (pen, DEMO_POST_SEX, !sex ? "" : demo_random_below (r, 2) ? "男" : "女");
  if (age)
    demo_pen_number (pen, DEMO_POST_AGE_TO, 35 + 5 * demo_random_below (r, 4));
  if (!is_business (o) && !welfare)
    demo_pen_number (pen, DEMO_POST_OPENING_RATIO, shortage ? 2 : 3);
}

static bool
write_post (DemoCounty *c, const DemoOrganisation *o, DemoRandom *r, GError **error)
{
  DemoPen *pen = &c->pen;
  const DemoData *d = c->data;
  Subject post = demo_pen_subject (pen, DEMO_POST);
  char code[32], name[DEMO_NAME_SIZE];
  Text occupation = demo_pick_text (row_for (d->post_occupation, o), r);
  gint64 wage
      = demo_pick_number (demo_row (d->post_wage, is_business (o) ? "firm" : "others"), r) / 100 * 100;
  g_snprintf (code, sizeof code, "YXGW%08d", (int)subject_number (post));
  g_snprintf (name, sizeof name, "样例%.*s", (int)occupation.len, occupation.bytes);
  demo_pen_begin (pen, post, demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)post));
  demo_pen_copy (pen, DEMO_POST_NAME, name);
  demo_pen_copy (pen, DEMO_POST_CODE, code);
  demo_pen_reference (pen, DEMO_POST_AT, o->subject);
  demo_pen_text (pen, DEMO_POST_TOWNSHIP, d->townships[o->township].code);
  demo_pen_boolean (pen, DEMO_POST_RURAL, o->rural);
  demo_pen_text (pen, DEMO_POST_OCCUPATION, occupation);
  demo_pen_number (pen, DEMO_POST_HEADCOUNT, 1 + demo_random_below (r, is_business (o) ? 6 : 2));
  demo_pen_number (pen, DEMO_POST_WAGE_FROM, wage);
  demo_pen_number (pen, DEMO_POST_WAGE_TO, wage + 500 * (1 + demo_random_below (r, 6)));
  put_conditions (c, o, r);
  demo_pen_day (pen, DEMO_POST_PUBLISHED_ON, d->as_of - demo_pick_number (d->post_days->rows, r));
  c->summary->posts++;
  return demo_pen_end (pen, error);
}

bool
demo_is_leading (const DemoCounty *c, const DemoOrganisation *o)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_POSTS, (guint64)o->index);
  return o->kind == DEMO_FIRM && o->size == DEMO_SIZES - 1 && demo_row_text (c->data->chain, o->trade)
         && demo_happens (demo_row (c->data->recognised, "leading"), &r);
}

bool
demo_write_posts (DemoCounty *c, const DemoOrganisation *o, GError **error)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_POSTS, (guint64)o->index + G_MAXUINT32);
  gint64 n = o->vacancy ? demo_pick_number (c->data->posts_offered->rows, &r) : 0;
  bool studio = o->kind == DEMO_FIRM && o->size >= DEMO_SIZES - 2
                && demo_happens (demo_row (c->data->recognised, "studio"), &r);
  for (gint64 i = 0; i < n; i++)
    if (!write_post (c, o, &r, error))
      return false;
  int of = DEMO_RECOGNITION_OF_ORGANISATION;
  return (!demo_is_leading (c, o) || demo_write_recognition (c, of, o->subject, "龙头企业", "县级", error))
         && (!studio || demo_write_recognition (c, of, o->subject, "职工创新工作室", "市级", error));
}
