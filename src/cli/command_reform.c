/* liudong reform: what a change of parameters or of the package would do, for whom, at what cost. */
#include "cli.h"

#include "county/county.h"
#include "inquiry.h"
#include "progress.h"
#include "reform/reform.h"
#include "sheet/sheet.h"

#include <stdio.h>

typedef struct {
  Inquiry asked;
  char *draft, *out;
  char **settings;
} Options;

/* ---- for people ------------------------------------------------------------------ */

static void
put_sum (GString *out, const char *label, Decimal sum, const ReformProvision *p)
{
  char text[DECIMAL_TEXT_MAX];
  Decimal year;
  g_string_append_printf (out, "%s %s", label, decimal_format (sum, text));
  if (reform_per_year (reform_period (p->shown), sum, &year) && reform_period (p->shown) == REFORM_MONTHLY)
    g_string_append_printf (out, "（一年 %s）", decimal_format (year, text));
}

static void
put_provision (GString *out, const ReformProvision *p)
{
  static const char *const kinds[REFORM_KINDS] = { "新获得", "失去", "增加", "减少" };
  const ReformCount *c = &p->count;
  char least[DECIMAL_TEXT_MAX], greatest[DECIMAL_TEXT_MAX];
  g_string_append_printf (out, "\n%s %s（%d.%s）\n", p->shown->clause->label, p->shown->outcome.zh,
                          p->shown->clause->number, p->shown->id);
  if (p->why_not) {
    g_string_append_printf (out, "  没有算：%s\n", p->why_not);
    return;
  }
  g_string_append_printf (out,
                          "  符合 %" G_GINT64_FORMAT " → %" G_GINT64_FORMAT "，待定 %" G_GINT64_FORMAT
                          " → %" G_GINT64_FORMAT "，共 %" G_GINT64_FORMAT "\n",
                          c->before.outcomes[POLICY_YES], c->after.outcomes[POLICY_YES],
                          c->before.outcomes[POLICY_UNDETERMINED], c->after.outcomes[POLICY_UNDETERMINED],
                          c->subjects);
  for (int k = 0; k < REFORM_KINDS; k++) {
    const ReformEffect *e = &c->effects[k];
    if (!e->n)
      continue;
    g_string_append_printf (out, "  %s %" G_GINT64_FORMAT, kinds[k], e->n);
    if (e->amounts) {
      put_sum (out, "，合计", e->sum, p);
      g_string_append_printf (out, "，每个 %s 至 %s", decimal_format (e->least, least),
                              decimal_format (e->greatest, greatest));
    }
    g_string_append_c (out, '\n');
  }
  if (!p->shown->amount)
    return;
  put_sum (out, "  金额", c->before.sum, p);
  put_sum (out, " →", c->after.sum, p);
  put_sum (out, "，相差", c->difference, p);
  g_string_append_printf (out, "，%s%s\n", p->shown->amount_unit.zh,
                          reform_period (p->shown) == REFORM_PER_PAYMENT ? "，每次发放" : "");
}

static void
put_table (GString *out, const ReformResult *r)
{
  char day[CIVIL_TEXT_MAX];
  g_string_append_printf (out, "%s", civil_format (r->as_of, day));
  for (size_t i = 0; i < r->change.n_settings; i++) {
    const ReformSetting *s = &r->change.settings[i];
    g_string_append_printf (out, "  %s %s → %s %s", s->parameter->name.zh,
                            s->before && *s->before->value_text ? s->before->value_text : "（没有）", s->text,
                            s->parameter->unit);
  }
  g_string_append_c (out, '\n');
  if (!r->n)
    g_string_append (out, "没有受影响的规定\n");
  for (size_t i = 0; i < r->n; i++)
    put_provision (out, &r->provisions[i]);
}

/* ---- for programs ---------------------------------------------------------------- */

static bool
put_csv (GString *out, const ReformResult *r, Arena *arena, GError **error)
{
  size_t n;
  const char *const *const *rows = reform_rows (arena, r, &n);
  g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, out, error);
  if (!table)
    return false;
  sheet_writer_heading (table, reform_columns, NULL, REFORM_COLUMNS);
  for (size_t i = 0; i < n; i++)
    if (!sheet_writer_row (table, rows[i], REFORM_COLUMNS, error))
      return false;
  return sheet_writer_finish (table, error);
}

/* To standard output or the file, CSV where that is named so. */
static bool
tell (const Options *o, const ReformResult *r, Arena *arena, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  if (g_strcmp0 (o->asked.format, "csv") == 0
      || (!o->asked.format && o->out && g_str_has_suffix (o->out, ".csv"))) {
    if (!put_csv (out, r, arena, error))
      return false;
  } else if (g_strcmp0 (o->asked.format, "table") == 0)
    put_table (out, r);
  else {
    JsonWriter *w = json_writer_new (out, 2);
    reform_write (w, r);
    return inquiry_write_json (o->out, w, out, error);
  }
  return cli_write (o->out, out->str, out->len, error);
}

/* ---- the work -------------------------------------------------------------------- */

static County *
open_county (const Inquiry *q, const PolicyPackage *draft, Arena *arena, GError **error)
{
  CliProgress bar;
  size_t n;
  const RegistryAttribute *const *attributes = reform_attributes (q->package, draft, arena, &n);
  CountyOptions options = { .registry = q->registry,
                            .as_of = q->day,
                            .attributes = attributes,
                            .n_attributes = n,
                            .threads = (unsigned)q->threads,
                            .progress = cli_progress_step,
                            .data = &bar };
  cli_progress_start (&bar, "reading the county");
  County *county = county_open (&options, error);
  cli_progress_end (&bar);
  return county;
}

static bool
read_settings (const Options *o, ReformChange *change, Arena *arena, GError **error)
{
  change->n_settings = o->settings ? g_strv_length (o->settings) : 0;
  ReformSetting *settings = arena_new0 (arena, ReformSetting, change->n_settings);
  for (size_t i = 0; i < change->n_settings; i++)
    if (!reform_setting_read (arena, o->asked.package, o->asked.day, o->settings[i], &settings[i], error))
      return false;
  change->settings = settings;
  return true;
}

static bool
compare (const Options *o, ReformChange *change, GError **error)
{
  const Inquiry *q = &o->asked;
  g_autoptr (Arena) arena = arena_new ();
  if (!read_settings (o, change, arena, error))
    return false;
  g_autoptr (County) county = open_county (q, change->draft, arena, error);
  if (!county)
    return false;
  ReformOptions options = { .package = q->package,
                            .county = county,
                            .access = q->access,
                            .who = access_operator (arena, q->purpose),
                            .as_of = q->day,
                            .threads = (unsigned)q->threads };
  g_autoptr (ReformBaseline) baseline = reform_baseline_new (&options);
  const ReformResult *found = reform_run (baseline, arena, change, q->clause, error);
  return found && tell (o, found, arena, error);
}

static bool
reform (Options *o, const PolicyPackage *draft, GError **error)
{
  if (!inquiry_open (&o->asked, error))
    return false;
  g_autoptr (Access) draft_access = draft ? access_open (o->asked.registry, error) : NULL;
  if (draft && !draft_access)
    return false;
  if (draft)
    policy_hand_purposes (draft, draft_access);
  return compare (o, &(ReformChange){ .draft = draft, .draft_access = draft_access }, error);
}

static int
run (Options *o)
{
  GError *error = NULL;
  int status;
  if (inquiry_check (&o->asked, &error) && !o->settings == !o->draft)
    g_set_error (&error, FAULT, FAULT_USAGE,
                 "what is to change: either --set NAME=VALUE, once per parameter, or --policy OTHER");
  if (error)
    return cli_fail ("reform", error);
  if (!inquiry_load (&o->asked, "reform", &status))
    return status;
  g_autoptr (PolicyPackage) draft = o->draft ? cli_load_package ("reform", o->draft, &status) : NULL;
  if (o->draft && !draft)
    return status;
  return reform (o, draft, &error) ? CLI_DONE : cli_fail ("reform", error);
}

int
command_reform (int argc, char **argv)
{
  static const char *const formats[] = { "json", "csv", "table", NULL };
  Options o = { .asked = { .formats = formats, .clause = REFORM_EVERY_CLAUSE } };
  const GOptionEntry entries[] = {
    INQUIRY_DB (o.asked),
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.settings, "a parameter and its other value; may be repeated",
      "NAME=VALUE" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.draft, "another package, compared with the county's own",
      "OTHER" },
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &o.asked.policy,
      "the package as things stand (default: policy/minhou-2021-81)", "DIR" },
    INQUIRY_CLAUSE (o.asked),
    INQUIRY_AS_OF (o.asked),
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.asked.format, "json (default), csv, or table for people",
      "FORMAT" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "write it there; FILE.csv is a table", "FILE" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.asked.purpose, "why you ask, for the log", "TEXT" },
    INQUIRY_THREADS (o.asked),
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "",
          "What would change if parameters had other values, or another package were in force: who\n"
          "gains, who loses, sums before and after, by township, sex, age and place of registration.\n"
          "Figures are exact; the log has one entry per clause and kind of subject.",
          entries, &status))
    status = run (&o);
  inquiry_clear (&o.asked);
  g_free (o.draft);
  g_free (o.out);
  g_strfreev (o.settings);
  return status;
}
