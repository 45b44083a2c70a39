/* Two tables answer every question without walking days: RANK counts the worked
 * days before each day of the span, SELECT names the k-th worked day.  Adding N
 * days is rank, plus N, select; counting is a difference of ranks.  A span of six
 * years takes 15 KB. */
#include "workdays.h"

#include "fault.h"

enum { HOURS_MAX = 4, MINUTES_PER_DAY = 1440 };

/* A day that a notice lists. */
typedef struct {
  Day day;
  char *name;
  bool worked;
  unsigned line; /* where the file says so */
} Exception;

struct Workdays {
  GArray *exceptions; /* of Exception, ascending */
  Day first;          /* the span is [first, first + n_days) */
  gint64 n_days, n_worked;
  gint32 *rank;   /* n_days + 1: worked days before first + i */
  gint32 *select; /* n_worked: offset of the k-th worked day */
  int hours[2 * HOURS_MAX], n_pairs;
  int minutes_per_day;
};

/* ---- reading ---- */

/* A comma-separated file without quotes, line by line. */
typedef struct {
  Text rest;
  const char *origin;
  unsigned line;
  Text fields[3];
  int n_fields;
} Table;

static gboolean G_GNUC_PRINTF (4, 5)
    fail_at (GError **error, const char *origin, unsigned line, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, FAULT, FAULT_INPUT, "%s:%u: %s", origin, line, what);
  return FALSE;
}

static Text
cut (Text *rest, char at)
{
  const char *found = rest->len ? memchr (rest->bytes, at, rest->len) : NULL;
  size_t len = found ? (size_t)(found - rest->bytes) : rest->len;
  Text piece = { rest->bytes, len };
  size_t skip = found ? len + 1 : len;
  *rest = (Text){ rest->bytes + skip, rest->len - skip };
  return text_trim (piece);
}

/* The next line that is not blank, split; false at the end. */
static gboolean
next_row (Table *t)
{
  while (t->rest.len) {
    Text line = cut (&t->rest, '\n');
    t->line++;
    if (line.len == 0)
      continue;
    for (t->n_fields = 0; line.len && t->n_fields < 3; t->n_fields++)
      t->fields[t->n_fields] = cut (&line, ',');
    t->n_fields += line.len > 0;
    return TRUE;
  }
  return FALSE;
}

/* Open a table with the header A,B,C. */
static gboolean
open_table (Table *t, Text csv, const char *origin, const char *const header[3], GError **error)
{
  size_t bad_at;
  *t = (Table){ .rest = csv, .origin = origin };
  if (text_starts_with (csv, "\xef\xbb\xbf"))
    t->rest = (Text){ csv.bytes + 3, csv.len - 3 };
  gboolean ok = text_is_utf8 (csv, &bad_at) && next_row (t) && t->n_fields == 3;
  for (int i = 0; ok && i < 3; i++)
    ok = text_equal (t->fields[i], text_of (header[i]));
  return ok
         || fail_at (error, origin, MAX (t->line, 1),
                     "the file must be UTF-8 and start with the line %s,%s,%s", header[0], header[1],
                     header[2]);
}

static void
clear_exception (gpointer p)
{
  g_free (((Exception *)p)->name);
}

static gint
compare_exceptions (gconstpointer a, gconstpointer b)
{
  const Exception *x = a, *y = b;
  return (x->day > y->day) - (x->day < y->day);
}

static gboolean
read_exception (Workdays *w, const Table *t, GError **error)
{
  Exception e = { .line = t->line };
  if (t->n_fields != 3)
    return fail_at (error, t->origin, t->line, "a row has three fields: date,name,kind");
  if (!civil_parse (t->fields[0], &e.day))
    return fail_at (error, t->origin, t->line, "\"%.*s\" is not a date such as 2021-10-01",
                    (int)t->fields[0].len, t->fields[0].bytes);
  if (t->fields[1].len == 0)
    return fail_at (error, t->origin, t->line, "the name of the holiday is missing");
  e.worked = text_equal (t->fields[2], TEXT_LITERAL ("work"));
  if (!e.worked && !text_equal (t->fields[2], TEXT_LITERAL ("off")))
    return fail_at (error, t->origin, t->line, "kind is off or work, not \"%.*s\"", (int)t->fields[2].len,
                    t->fields[2].bytes);
  if (e.worked && civil_weekday (e.day) <= 5)
    return fail_at (error, t->origin, t->line,
                    "a make-up working day falls on Saturday or Sunday: check the date");
  e.name = g_strndup (t->fields[1].bytes, t->fields[1].len);
  g_array_append_val (w->exceptions, e);
  return TRUE;
}

static const Exception *
find_exception (const Workdays *w, Day d)
{
  guint at;
  Exception wanted = { .day = d };
  if (!g_array_binary_search (w->exceptions, &wanted, compare_exceptions, &at))
    return NULL;
  return &g_array_index (w->exceptions, Exception, at);
}

static gint64
year_of (Day d)
{
  gint64 year;
  int month, day;
  civil_from_day (d, &year, &month, &day);
  return year;
}

static bool
is_published (const Workdays *w, gint64 year)
{
  const Exception *new_year = find_exception (w, civil_to_day (year, 1, 1));
  return new_year && !new_year->worked;
}

/* Every listed day belongs to a published year, or is a December day that the
 * next year's notice lists. */
static gboolean
check_exceptions (const Workdays *w, const char *origin, GError **error)
{
  for (guint i = 0; i < w->exceptions->len; i++) {
    const Exception *e = &g_array_index (w->exceptions, Exception, i);
    char date[CIVIL_TEXT_MAX];
    gint64 year = year_of (e->day);
    if (i && e[-1].day == e->day)
      return fail_at (error, origin, MAX (e->line, e[-1].line), "%s is listed twice, also in line %u",
                      civil_format (e->day, date), MIN (e->line, e[-1].line));
    bool december = e->day >= civil_to_day (year, 12, 1);
    if (!is_published (w, year) && !(december && is_published (w, year + 1)))
      return fail_at (error, origin, e->line,
                      "%s is listed, but not 1 January %" G_GINT64_FORMAT
                      " as off: add that year's whole notice",
                      civil_format (e->day, date), year);
  }
  return TRUE;
}

/* Published years must follow one another; with none the span is empty. */
static gboolean
find_span (Workdays *w, const char *origin, GError **error)
{
  gint64 first = 0, last = -1;
  for (guint i = 0; i < w->exceptions->len; i++) {
    const Exception *e = &g_array_index (w->exceptions, Exception, i);
    gint64 year = year_of (e->day);
    if (e->day != civil_to_day (year, 1, 1))
      continue;
    if (last >= first && year != last + 1)
      return fail_at (error, origin, e->line, "the year %" G_GINT64_FORMAT " is missing before this one",
                      last + 1);
    first = last < first ? year : first;
    last = year;
  }
  if (last < first)
    return fail_at (error, origin, 1, "no year is listed: give at least one State Council notice");
  w->first = civil_to_day (first, 1, 1);
  w->n_days = civil_to_day (last + 1, 1, 1) - w->first;
  return TRUE;
}

static void
fill_tables (Workdays *w)
{
  w->rank = g_new (gint32, w->n_days + 1);
  w->select = g_new (gint32, w->n_days);
  for (gint64 i = 0; i < w->n_days; i++) {
    const Exception *e = find_exception (w, w->first + i);
    w->rank[i] = (gint32)w->n_worked;
    if (e ? e->worked : civil_weekday (w->first + i) <= 5)
      w->select[w->n_worked++] = (gint32)i;
  }
  w->rank[w->n_days] = (gint32)w->n_worked;
}

static gboolean
read_calendar (Workdays *w, Table *table, GError **error)
{
  while (next_row (table))
    if (!read_exception (w, table, error))
      return FALSE;
  g_array_sort (w->exceptions, compare_exceptions);
  return check_exceptions (w, table->origin, error) && find_span (w, table->origin, error);
}

Workdays *
workdays_parse (Text csv, const char *origin, GError **error)
{
  static const char *const header[3] = { "date", "name", "kind" };
  Table table;
  if (!open_table (&table, csv, origin, header, error))
    return NULL;
  Workdays *w = g_new0 (Workdays, 1);
  w->exceptions = g_array_new (FALSE, FALSE, sizeof (Exception));
  g_array_set_clear_func (w->exceptions, clear_exception);
  if (!read_calendar (w, &table, error)) {
    workdays_free (w);
    return NULL;
  }
  fill_tables (w);
  return w;
}

void
workdays_free (Workdays *w)
{
  if (!w)
    return;
  g_array_unref (w->exceptions);
  g_free (w->rank);
  g_free (w->select);
  g_free (w);
}

bool
workdays_set_hours (Workdays *w, const int *from_to, int n_pairs, GError **error)
{
  int total = 0, before = -1;
  bool ok = n_pairs >= 1 && n_pairs <= HOURS_MAX;
  for (int i = 0; ok && i < 2 * n_pairs; i++) {
    ok = from_to[i] > before && from_to[i] <= MINUTES_PER_DAY;
    before = from_to[i];
    total += i % 2 ? from_to[i] : -from_to[i];
  }
  if (!ok) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "office hours are 1 to %d spans of one day, each beginning after the one before ends",
                 HOURS_MAX);
    return false;
  }
  memcpy (w->hours, from_to, sizeof (int) * 2 * (size_t)n_pairs);
  w->n_pairs = n_pairs;
  w->minutes_per_day = total;
  return true;
}

/* "08:00" as minutes, up to 24:00; -1 when it is not that. */
static int
read_clock (Text text)
{
  const char *s = text.bytes;
  if (text.len != 5 || s[2] != ':' || !g_ascii_isdigit (s[0]) || !g_ascii_isdigit (s[1])
      || !g_ascii_isdigit (s[3]) || !g_ascii_isdigit (s[4]))
    return -1;
  int hour = (s[0] - '0') * 10 + s[1] - '0', minute = (s[3] - '0') * 10 + s[4] - '0';
  return minute > 59 || hour * 60 + minute > MINUTES_PER_DAY ? -1 : hour * 60 + minute;
}

bool
workdays_parse_hours (Workdays *w, Text csv, const char *origin, GError **error)
{
  static const char *const header[3] = { "from", "to", "basis" };
  int from_to[2 * HOURS_MAX], n = 0;
  Table table;
  if (!open_table (&table, csv, origin, header, error))
    return false;
  while (next_row (&table)) {
    int from = read_clock (table.fields[0]), to = table.n_fields > 1 ? read_clock (table.fields[1]) : -1;
    if (table.n_fields != 3 || from < 0 || to < 0)
      return fail_at (error, origin, table.line,
                      "a row is a time from, a time to and its basis: 08:00,12:00,assumed");
    if (n == HOURS_MAX)
      return fail_at (error, origin, table.line, "at most %d spans are possible", HOURS_MAX);
    if (from >= to || (n && from <= from_to[2 * n - 1]))
      return fail_at (error, origin, table.line,
                      "a span ends after it begins, and begins after the one before ends");
    from_to[2 * n] = from;
    from_to[2 * n + 1] = to;
    n++;
  }
  if (n == 0)
    return fail_at (error, origin, table.line, "no office hours are listed");
  return workdays_set_hours (w, from_to, n, error);
}

bool
workdays_has_hours (const Workdays *w)
{
  return w->n_pairs > 0;
}

int
workdays_closing (const Workdays *w)
{
  return w->n_pairs ? w->hours[2 * w->n_pairs - 1] : MINUTES_PER_DAY;
}

/* ---- answering ---- */

static bool
covers (const Workdays *w, Day d)
{
  return d >= w->first && d - w->first < w->n_days;
}

static bool
fail_unpublished (GError **error, gint64 year)
{
  g_set_error (error, FAULT, FAULT_UNPUBLISHED,
               "the holiday calendar of %" G_GINT64_FORMAT
               " is not published here: add the State Council's notice of that year",
               year);
  return false;
}

static bool
check_covered (const Workdays *w, Day d, GError **error)
{
  return covers (w, d) || fail_unpublished (error, year_of (d));
}

/* The K-th worked day; the year before or after the span where there is none. */
static bool
select_day (const Workdays *w, gint64 k, Day *result, GError **error)
{
  if (k < 0)
    return fail_unpublished (error, year_of (w->first - 1));
  if (k >= w->n_worked)
    return fail_unpublished (error, year_of (w->first + w->n_days));
  *result = w->first + w->select[k];
  return true;
}

/* Worked days of the span before D, which may be its end. */
static gint64
rank_of (const Workdays *w, Day d)
{
  return w->rank[d - w->first];
}

Workday
workdays_is_worked (const Workdays *w, Day d)
{
  if (!covers (w, d))
    return WORKDAY_UNPUBLISHED;
  return rank_of (w, d + 1) > rank_of (w, d) ? WORKDAY_YES : WORKDAY_NO;
}

const char *
workdays_name (const Workdays *w, Day d)
{
  const Exception *e = covers (w, d) ? find_exception (w, d) : NULL;
  return e ? e->name : NULL;
}

bool
workdays_range (const Workdays *w, Day *first, Day *last)
{
  *first = w->first;
  *last = w->first + w->n_days - 1;
  return true;
}

bool
workdays_add (const Workdays *w, Day from, int n, Day *result, GError **error)
{
  if (!check_covered (w, from, error))
    return false;
  /* The first worked day after FROM has the rank of the day after FROM. */
  gint64 k = n > 0 ? rank_of (w, from + 1) + n - 1 : rank_of (w, from) + n;
  return select_day (w, k, result, error);
}

bool
workdays_between (const Workdays *w, Day from, Day to, int *n, GError **error)
{
  if (!check_covered (w, from, error) || !check_covered (w, to, error))
    return false;
  *n = (int)(to >= from ? rank_of (w, to + 1) - rank_of (w, from + 1) : rank_of (w, to) - rank_of (w, from));
  return true;
}

/* ---- minutes ---- */

/* Working minutes from the span's start to the civil minute AT. */
static bool
elapsed (const Workdays *w, gint64 at, gint64 *minutes, GError **error)
{
  if (w->n_pairs == 0) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "working time needs office hours: set them in the policy package");
    return false;
  }
  Day d = at / MINUTES_PER_DAY - (at % MINUTES_PER_DAY < 0);
  if (!check_covered (w, d, error))
    return false;
  int minute = (int)(at - d * MINUTES_PER_DAY);
  *minutes = rank_of (w, d) * w->minutes_per_day;
  if (workdays_is_worked (w, d) == WORKDAY_YES)
    for (int i = 0; i < 2 * w->n_pairs; i += 2)
      *minutes += CLAMP (minute, w->hours[i], w->hours[i + 1]) - w->hours[i];
  return true;
}

/* The minute of a working day at which MINUTES of it have passed; LATEST chooses
 * between the end of one span and the beginning of the next. */
static int
minute_of_day (const Workdays *w, int minutes, bool latest)
{
  int i = 0;
  for (; i < 2 * w->n_pairs - 2; i += 2) {
    int length = w->hours[i + 1] - w->hours[i];
    if (latest ? minutes < length : minutes <= length)
      break;
    minutes -= length;
  }
  return w->hours[i] + minutes;
}

bool
workdays_add_minutes (const Workdays *w, gint64 from, gint64 minutes, gint64 *result, GError **error)
{
  gint64 target;
  if (!elapsed (w, from, &target, error))
    return false;
  gint64 limit = (w->n_days + 1) * MINUTES_PER_DAY;
  target += CLAMP (minutes, -limit, limit);
  bool latest = minutes <= 0;
  if (target < 0 || (target == 0 && !latest))
    return fail_unpublished (error, year_of (w->first - 1));
  gint64 at = latest ? target : target - 1;
  Day d;
  if (!select_day (w, at / w->minutes_per_day, &d, error))
    return false;
  int rest = (int)(at % w->minutes_per_day) + !latest;
  *result = d * MINUTES_PER_DAY + minute_of_day (w, rest, latest);
  return true;
}

bool
workdays_minutes_between (const Workdays *w, gint64 from, gint64 to, gint64 *minutes, GError **error)
{
  gint64 start, end;
  if (!elapsed (w, from, &start, error) || !elapsed (w, to, &end, error))
    return false;
  *minutes = end - start;
  return true;
}
