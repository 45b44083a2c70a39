/* liudong clock: by when, and why then, day by day; the timetable of a labour dispute. */
#include "cli.h"

#include "clocks/clocks.h"

#include <stdio.h>

enum { MINUTES_PER_DAY = 1440 };

typedef struct {
  char *from, *limit, *end, *now, *dispute, *format, *policy;
  char **pauses;
  gboolean whole_day;
} Options;

/* "2021-02-05" or "2021-02-05 10:00", as civil minutes. */
static bool
read_moment (const char *text, gint64 *at, GError **error)
{
  Day day;
  int hour = 0, minute = 0;
  char rest = '\0';
  g_autofree char *date = g_strndup (text, 10);
  bool ok = civil_parse (text_of (date), &day)
            && (strlen (text) == 10
                || (strlen (text) == 16 && sscanf (text + 10, " %2d:%2d%c", &hour, &minute, &rest) == 2
                    && hour >= 0 && hour < 24 && minute >= 0 && minute < 60));
  if (!ok)
    g_set_error (error, FAULT, FAULT_USAGE, "\"%s\" is no moment: write 2021-02-05 or \"2021-02-05 10:00\"",
                 text);
  else
    *at = day * MINUTES_PER_DAY + hour * 60 + minute;
  return ok;
}

static gint64
moment_now (void)
{
  return (g_get_real_time () / G_USEC_PER_SEC + 8 * 3600) / 60;
}

static const char *
show_moment (Arena *arena, gint64 at)
{
  char date[CIVIL_TEXT_MAX];
  if (!at)
    return NULL;
  return arena_printf (arena, "%s %02d:%02d", civil_format (at / MINUTES_PER_DAY, date),
                       (int)(at % MINUTES_PER_DAY / 60), (int)(at % 60));
}

static const char *
show_day (Arena *arena, Day day)
{
  char date[CIVIL_TEXT_MAX];
  return day == CLOCK_NO_DAY ? NULL : arena_text (arena, text_of (civil_format (day, date)));
}

static bool
add_event (GArray *events, ClockTurn turn, const char *text, GError **error)
{
  ClockEvent event = { turn, 0 };
  if (!read_moment (text, &event.at, error))
    return false;
  g_array_append_val (events, event);
  return true;
}

/* A pause is "FROM..TO", the last may be "FROM..". */
static bool
read_events (const Options *o, GArray *events, GError **error)
{
  if (!add_event (events, CLOCK_BEGINS, o->from, error))
    return false;
  for (char **p = o->pauses; p && *p; p++) {
    g_auto (GStrv) ends = g_strsplit (*p, "..", 2);
    if (!ends[0] || !ends[1]) {
      g_set_error (error, FAULT, FAULT_USAGE, "--pause is FROM..TO, or FROM.. while it lasts, not \"%s\"",
                   *p);
      return false;
    }
    if (!add_event (events, CLOCK_PAUSES, ends[0], error)
        || (*ends[1] && !add_event (events, CLOCK_RESUMES, ends[1], error)))
      return false;
  }
  return !o->end || add_event (events, CLOCK_ENDS, o->end, error);
}

/* ---- one clock ---- */

static void
write_reading (JsonWriter *w, Arena *arena, const ClockReading *r)
{
  json_member_str (w, "status", clock_status_id (r->status));
  json_member_str (w, "due", show_moment (arena, r->due));
  json_member_str (w, "warn_at", show_moment (arena, r->warn_at));
  json_key (w, "used");
  r->used < 0 ? json_null (w) : json_int (w, r->used);
  json_key (w, "left");
  r->used < 0 ? json_null (w) : json_int (w, r->left);
  json_key (w, "unpublished_year");
  r->year ? json_int (w, r->year) : json_null (w);
}

static void
write_limit (JsonWriter *w, ClockLimit limit)
{
  json_member_object (w, "limit");
  json_member_str (w, "unit", clock_unit_id (limit.unit));
  json_member_int (w, "n", limit.n);
  json_end_object (w);
}

static void
print_json (Arena *arena, ClockLimit limit, const ClockReading *r, const ClockDay *days, size_t n)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  json_begin_object (w);
  write_limit (w, limit);
  write_reading (w, arena, r);
  json_member_array (w, "days");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_str (w, "day", show_day (arena, days[i].day));
    json_member_str (w, "kind", clock_day_kind_id (days[i].kind));
    json_member_str (w, "name", days[i].name);
    json_member_bool (w, "counts", days[i].counts);
    json_member_int (w, "number", days[i].number);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  puts (out->str);
}

static void
print_text (Arena *arena, const ClockReading *r, const ClockDay *days, size_t n)
{
  static const char *const weekdays[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  for (size_t i = 0; i < n; i++)
    printf ("%s %s %6" G_GINT64_FORMAT "  %s\n", show_day (arena, days[i].day),
            weekdays[civil_weekday (days[i].day)], days[i].number, clock_day_words (arena, &days[i], true));
  if (r->year)
    printf ("due: cannot be said, the holidays of %d are not published\n", r->year);
  else
    printf ("due: %s, warning from %s\n", show_moment (arena, r->due), show_moment (arena, r->warn_at));
  printf ("status: %s", clock_status_id (r->status));
  if (r->used >= 0)
    printf (", %" G_GINT64_FORMAT " used, %" G_GINT64_FORMAT " left", r->used, r->left);
  putchar ('\n');
}

static bool
run_clock (const Options *o, const Workdays *calendar, gint64 now, bool json, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (ClockEvent));
  ClockLimit limit;
  ClockReading reading;
  size_t n;
  if (!clock_limit_parse (o->limit, &limit, error) || !read_events (o, events, error))
    return false;
  limit.whole_day = o->whole_day;
  const ClockEvent *list = (const ClockEvent *)(void *)events->data;
  if (!clock_read (calendar, limit, list, events->len, now, &reading, error))
    return false;
  const ClockDay *days = clock_days (calendar, arena, limit, list, events->len, now, &n, error);
  if (!days)
    return false;
  if (json)
    print_json (arena, limit, &reading, days, n);
  else
    print_text (arena, &reading, days, n);
  return true;
}

/* ---- a labour dispute ---- */

/* "known=2021-03-01,applied=2022-02-28,…"; interrupted may stand several times. */
static bool
read_dispute (const char *text, ClockDispute *d, GArray *interruptions, GError **error)
{
  const struct {
    const char *name;
    Day *day;
  } days[]
      = { { "known", &d->known },    { "applied", &d->applied },   { "accepted", &d->accepted },
          { "served", &d->served },  { "answered", &d->answered }, { "answer_served", &d->answer_served },
          { "awarded", &d->awarded } };
  for (size_t i = 0; i < G_N_ELEMENTS (days); i++)
    *days[i].day = CLOCK_NO_DAY;
  g_auto (GStrv) pieces = g_strsplit (text, ",", -1);
  for (char **p = pieces; *p; p++) {
    g_auto (GStrv) pair = g_strsplit (*p, "=", 2);
    Day day = 0, *target = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS (days); i++)
      target = g_str_equal (pair[0] ? pair[0] : "", days[i].name) ? days[i].day : target;
    bool dated = pair[0] && pair[1] && civil_parse (text_of (pair[1]), &day);
    if (g_str_equal (*p, "extended"))
      d->extended = true;
    else if (dated && target)
      *target = day;
    else if (dated && g_str_equal (pair[0], "interrupted"))
      g_array_append_val (interruptions, day);
    else {
      g_set_error (error, FAULT, FAULT_USAGE,
                   "\"%s\" in --dispute: write NAME=DATE with known, interrupted, applied, accepted, served, "
                   "answered, "
                   "answer_served or awarded; or extended",
                   *p);
      return false;
    }
  }
  d->interruptions = (const Day *)(void *)interruptions->data;
  d->n_interruptions = interruptions->len;
  return true;
}

/* The package's own numbers, as they are in force on DAY. */
static bool
read_law (const PolicyPackage *package, Day day, ClockArbitration *law, GError **error)
{
  const struct {
    const char *parameter;
    int *n;
  } numbers[] = { { "arbitration_limitation", &law->limitation_years },
                  { "arbitration_acceptance_days", &law->acceptance_days },
                  { "arbitration_service_days", &law->service_days },
                  { "arbitration_answer_days", &law->answer_days },
                  { "arbitration_answer_service_days", &law->answer_service_days },
                  { "arbitration_award_days", &law->award_days },
                  { "arbitration_extension_days", &law->extension_days } };
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++) {
    const PolicyParameter *p = policy_parameter (package, numbers[i].parameter);
    const PolicyParameterValue *v = p ? policy_parameter_at (p, day) : NULL;
    gint64 n = 0;
    if (!v || v->value.kind != FEEL_NUMBER || !decimal_to_int64 (v->value.number, &n) || n < 1
        || n > G_MAXINT) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "the package has no parameter %s that is a whole number on that day",
                   numbers[i].parameter);
      return false;
    }
    *numbers[i].n = (int)n;
  }
  return true;
}

static void
print_steps (Arena *arena, const ClockStep *steps, bool json)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  json_begin_array (w);
  for (int i = 0; i < CLOCK_N_STEPS; i++) {
    const ClockStep *s = &steps[i];
    const char *begins = show_day (arena, s->begins), *due = show_moment (arena, s->reading.due);
    if (!json)
      printf ("%-13s from %s%s by %s %s\n", clock_step_id ((ClockStepKind)i), begins ? begins : "-",
              s->expected ? " at latest" : "", due ? due : "-", clock_status_id (s->reading.status));
    json_begin_object (w);
    json_member_str (w, "step", clock_step_id ((ClockStepKind)i));
    json_member_str (w, "begins", begins);
    json_member_bool (w, "expected", s->expected);
    write_limit (w, s->limit);
    write_reading (w, arena, &s->reading);
    json_end_object (w);
  }
  json_end_array (w);
  if (json)
    puts (out->str);
}

static bool
run_dispute (const Options *o, const PolicyPackage *package, gint64 now, bool json, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) interruptions = g_array_new (FALSE, FALSE, sizeof (Day));
  ClockDispute dispute = { 0 };
  ClockArbitration law;
  ClockStep steps[CLOCK_N_STEPS];
  if (!read_dispute (o->dispute, &dispute, interruptions, error)
      || !read_law (package, dispute.known == CLOCK_NO_DAY ? civil_today () : dispute.known, &law, error)
      || !clock_arbitration (policy_workdays (package), &law, &dispute, now, steps, error))
    return false;
  print_steps (arena, steps, json);
  return true;
}

static int
run (const Options *o)
{
  GError *error = NULL;
  int status;
  gint64 now = moment_now ();
  bool json = g_strcmp0 (o->format, "json") == 0;
  if ((o->format && !json && !g_str_equal (o->format, "text"))) {
    fprintf (stderr, "liudong clock: --format is text or json, not \"%s\"\n", o->format);
    return CLI_USAGE;
  }
  if (o->dispute ? o->from || o->limit : !o->from || !o->limit) {
    fputs ("liudong clock: give --from and --limit, or --dispute; see liudong clock --help\n", stderr);
    return CLI_USAGE;
  }
  if (o->now && !read_moment (o->now, &now, &error))
    return cli_fail ("clock", error);
  g_autoptr (PolicyPackage) package = cli_load_package ("clock", o->policy, &status);
  if (!package)
    return status;
  bool ok = o->dispute ? run_dispute (o, package, now, json, &error)
                       : run_clock (o, policy_workdays (package), now, json, &error);
  return ok ? CLI_DONE : cli_fail ("clock", error);
}

int
command_clock (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &o.from, "when it begins: 2021-02-05, or with an hour", "MOMENT" },
    { "limit", 0, 0, G_OPTION_ARG_STRING, &o.limit,
      "\"20 working days\", \"10 days\", \"4 working hours\", \"1 month\", \"1 year\"", "LIMIT" },
    { "pause", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.pauses, "it stood still (may be given several times)",
      "FROM..TO" },
    { "end", 0, 0, G_OPTION_ARG_STRING, &o.end, "when it was done", "MOMENT" },
    { "now", 0, 0, G_OPTION_ARG_STRING, &o.now, "read it at this moment (default: now)", "MOMENT" },
    { "whole-day", 0, 0, G_OPTION_ARG_NONE, &o.whole_day,
      "the last day ends at 24:00, not when the office closes", NULL },
    { "dispute", 0, 0, G_OPTION_ARG_STRING, &o.dispute,
      "the timetable of a labour dispute: known=DATE,applied=DATE,…,extended", "DAYS" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &o.format, "text (default) or json", "FORMAT" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "",
          "Tell by when something must be done, and day by day why then.  Days of rest and make-up days are\n"
          "those of the package's calendar; a year that is not published there is named, not guessed.",
          entries, &status))
    status = run (&o);
  g_strfreev (o.pauses);
  char *texts[] = { o.from, o.limit, o.end, o.now, o.dispute, o.format, o.policy };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  return status;
}
