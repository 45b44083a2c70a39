/* Schools: their size follows from the pupils enrolled; their checks against the standard. */
#include "county.h"
#include "streams.h"

/* Classes, staff and places that its pupils call for. */
typedef struct {
  gint64 classes, staff, places;
} SchoolSize;

static SchoolSize
school_size (const DemoCounty *c, const DemoOrganisation *o)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_SCHOOL, (guint64)o->index);
  gint64 in_class = demo_pick_number (demo_row (c->data->class_size, o->rural ? "rural" : "town"), &r);
  gint64 to_staff = demo_pick_number (c->data->pupils_to_staff->rows, &r);
  gint64 classes = (o->pupils + in_class - 1) / in_class;
  return (SchoolSize){ .classes = classes,
                       .staff = MAX (o->pupils / to_staff, classes) + 1,
                       .places = o->pupils + demo_random_below (&r, (guint64)in_class) };
}

gint64
demo_school_staff (const DemoCounty *c, const DemoOrganisation *o)
{
  return school_size (c, o).staff;
}

static void
put_size (DemoCounty *c, const DemoOrganisation *o, bool boarding, DemoRandom *r)
{
  DemoPen *pen = &c->pen;
  SchoolSize size = school_size (c, o);
  gint64 teachers = size.staff * demo_random_between (r, 82, 95) / 100;
  gint64 approved = size.staff * demo_pick_number (c->data->approved_staff->rows, r) / 100;
  gint64 boarders = boarding ? o->pupils * demo_random_between (r, 20, 70) / 100 : 0;
  demo_pen_number (pen, DEMO_SCHOOL_CLASSES, size.classes);
  demo_pen_number (pen, DEMO_SCHOOL_PUPILS, o->pupils);
  demo_pen_number (pen, DEMO_SCHOOL_STAFF, size.staff);
  demo_pen_number (pen, DEMO_SCHOOL_PLACES, size.places);
  demo_pen_number (pen, DEMO_SCHOOL_TEACHERS, MAX (1, teachers));
  demo_pen_number (pen, DEMO_SCHOOL_BOARDERS, boarders);
  if (!o->private) /* the county approves the establishment of public schools */
    demo_pen_number (pen, DEMO_SCHOOL_APPROVED_STAFF, MAX (1, approved));
}

/* The items of the parameters 学校基本核查项目 and, of boarding schools, 寄宿学校增加核查项目. */
static bool
write_checks (DemoCounty *c, const DemoOrganisation *o, bool boarding, DemoRandom *r, GError **error)
{
  static const char *const items[]
      = { "校舍", "运动场地", "教学仪器", "图书", "安全设施", "宿舍", "食堂", "饮用水", "厕所", "浴室" };
  DemoPen *pen = &c->pen;
  size_t n = boarding ? G_N_ELEMENTS (items) : 5;
  Day on = c->data->as_of - demo_random_between (r, 30, 300);
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    bool checked = demo_happens (demo_row (c->data->school_check, "checked"), r);
    bool met = demo_happens (demo_row (c->data->school_check, "met"), r);
    if (!checked)
      continue;
    Subject check = demo_pen_subject (pen, DEMO_CHECK);
    demo_pen_begin (pen, check, demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)check));
    demo_pen_reference (pen, DEMO_CHECK_OF_SCHOOL, o->school);
    demo_pen_string (pen, DEMO_CHECK_ITEM, items[i]);
    demo_pen_boolean (pen, DEMO_CHECK_MET, met);
    demo_pen_day (pen, DEMO_CHECK_ON, on);
    ok = demo_pen_end (pen, error);
  }
  return ok;
}

bool
demo_write_school (DemoCounty *c, const DemoOrganisation *o, GError **error)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_SCHOOL_FACTS, (guint64)o->index);
  DemoRandom more = demo_random_at (c->seed, DEMO_STREAM_CHECKS, (guint64)o->index);
  DemoPen *pen = &c->pen;
  const DemoTable *is = c->data->school_is;
  bool boarding = o->kind != DEMO_KINDERGARTEN && demo_happens (demo_row (is, "boarding"), &r);
  char code[16];
  g_snprintf (code, sizeof code, "YX%08d", (int)o->index);
  demo_pen_begin (pen, o->school, demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)o->school));
  demo_put_school_name (c, o);
  demo_pen_copy (pen, DEMO_SCHOOL_CODE, code);
  demo_pen_reference (pen, DEMO_SCHOOL_RUN_BY, o->subject);
  demo_pen_string (pen, DEMO_SCHOOL_KIND, o->private ? "民办" : "公办");
  demo_pen_text (pen, DEMO_SCHOOL_TOWNSHIP, c->data->townships[o->township].code);
  demo_pen_boolean (pen, DEMO_SCHOOL_RURAL, o->rural);
  put_size (c, o, boarding, &more);
  demo_pen_boolean (pen, DEMO_SCHOOL_BOARDING, boarding);
  demo_pen_boolean (pen, DEMO_SCHOOL_AFFORDABLE,
                    o->kind == DEMO_KINDERGARTEN && demo_happens (demo_row (is, "affordable"), &r));
  demo_pen_boolean (pen, DEMO_SCHOOL_TO_STANDARD,
                    o->kind == DEMO_JUNIOR && demo_happens (demo_row (is, "to_standard"), &r));
  c->summary->schools++;
  return demo_pen_end (pen, error)
         && (o->kind == DEMO_KINDERGARTEN || write_checks (c, o, boarding, &more, error));
}
