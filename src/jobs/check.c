/* What stands against an advertisement. */
#include "jobs/jobs_private.h"

#include <string.h>

enum {
  SEGMENT_MOST = 7,     /* times that a phrase may stand in a text: our own choice */
  SEGMENT_LONGEST = 20, /* characters of what counts as a phrase */
  LARGE = 200,          /* posts of one advertisement that a clerk looks at: our own choice */
  UTF8_LONGEST = 4,
};

typedef struct {
  const Jobs *jobs;
  const JobsAdvertisement *a;
  Arena *arena;
  GArray *findings;
} Check;

static JobsFinding *
find (Check *check, const char *rule, JobsWeight weight, const char *field)
{
  JobsFinding finding = { .rule = rules_find (&check->jobs->rules, rule), .weight = weight, .field = field };
  if (check->findings->len == JOBS_FINDINGS_MAX)
    return NULL;
  g_array_append_val (check->findings, finding);
  return &g_array_index (check->findings, JobsFinding, check->findings->len - 1);
}

/* In ORIGINAL, whose half-width form is TEXT: bytes FROM to TO of TEXT. */
static void
find_at (Check *check, const char *rule, JobsWeight weight, const char *field, const char *original,
         const char *text, size_t from, size_t to)
{
  JobsFinding *finding = find (check, rule, weight, field);
  if (!finding)
    return;
  finding->from = (size_t)g_utf8_strlen (text, (gssize)from);
  finding->to = finding->from + (size_t)g_utf8_strlen (text + from, (gssize)(to - from));
  g_autofree char *quote = g_utf8_substring (original, (glong)finding->from, (glong)finding->to);
  finding->quote = arena_text (check->arena, text_of (quote));
}

/* ---- words -------------------------------------------------------------------------- */

/* Marks in MASK, a byte for each of TEXT, what is said to be in order. */
static void
mark_allowed (const JobsRules *rules, const char *text, guint8 *mask)
{
  for (size_t i = 0; i < rules->n_patterns && !rules->patterns[i].rule; i++) {
    g_autoptr (GMatchInfo) match = NULL;
    for (g_regex_match (rules->patterns[i].regex, text, 0, &match); g_match_info_matches (match);
         g_match_info_next (match, NULL)) {
      int from, to;
      g_match_info_fetch_pos (match, 0, &from, &to);
      memset (mask + from, 1, (size_t)(to - from));
    }
  }
}

/* Seventeen digits and one more are an ID number only where date and check character fit. */
static bool
counts (const JobsPattern *pattern, const char *text, int from, int to)
{
  if (!g_str_equal (pattern->rule->id, "id-number"))
    return true;
  return identity_check_citizen ((Text){ text + from, (size_t)(to - from) }, NULL, NULL, NULL)
         != IDENTITY_BAD;
}

/* Kinds of post which may ask for what others may not: a clerk looks. */
static JobsWeight
weight_for (const JobsPattern *pattern, const char *kind)
{
  g_auto (GStrv) kinds = g_strsplit (pattern->lawful_for, ";", -1);
  return kind && g_strv_contains ((const char *const *)kinds, kind) ? JOBS_HOLD : pattern->weight;
}

static void
find_pattern (Check *check, const JobsPattern *pattern, const char *field, const char *original,
              const char *text, const guint8 *mask)
{
  g_autoptr (GMatchInfo) match = NULL;
  for (g_regex_match (pattern->regex, text, 0, &match);
       g_match_info_matches (match) && check->findings->len < JOBS_FINDINGS_MAX;
       g_match_info_next (match, NULL)) {
    int from, to;
    g_match_info_fetch_pos (match, 0, &from, &to);
    if (!memchr (mask + from, 1, (size_t)(to - from)) && counts (pattern, text, from, to))
      find_at (check, pattern->rule->id, weight_for (pattern, check->a->kind), field, original, text,
               (size_t)from, (size_t)to);
  }
}

static void
find_patterns (Check *check, const char *field, const char *original, const char *text)
{
  const JobsRules *rules = &check->jobs->rules;
  g_autofree guint8 *mask = g_new0 (guint8, strlen (text) + 1);
  mark_allowed (rules, text, mask);
  for (size_t i = 0; i < rules->n_patterns; i++)
    if (rules->patterns[i].rule)
      find_pattern (check, &rules->patterns[i], field, original, text, mask);
}

/* A phrase between blanks or punctuation that comes again and again. */
static void
find_stuffed (Check *check, const char *field, const char *original, const char *text)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *from = text;
  while (*from) {
    const char *to = from;
    glong length = 0;
    for (; *to && g_unichar_isalpha (g_utf8_get_char (to)); to = g_utf8_next_char (to))
      length++;
    if (length > 1 && length <= SEGMENT_LONGEST) {
      char *segment = g_strndup (from, (gsize)(to - from));
      guint times = GPOINTER_TO_UINT (g_hash_table_lookup (seen, segment)) + 1;
      g_hash_table_insert (seen, segment, GUINT_TO_POINTER (times));
      if (times == SEGMENT_MOST + 1) {
        find_at (check, "stuffed", JOBS_HOLD, field, original, text, (size_t)(from - text),
                 (size_t)(to - text));
        return;
      }
    }
    from = *to ? g_utf8_next_char (to) : to;
  }
}

/* What nobody sees, or what turns the direction of reading. */
static void
find_control (Check *check, const char *field, const char *text)
{
  for (const char *c = text; *c; c = g_utf8_next_char (c)) {
    gunichar u = g_utf8_get_char (c);
    GUnicodeType type = g_unichar_type (u);
    if (u == '\n' || u == '\r' || u == '\t'
        || (type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_PRIVATE_USE
            && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR))
      continue;
    JobsFinding *finding = find (check, "control", JOBS_REFUSE, field);
    if (finding) {
      finding->from = (size_t)g_utf8_strlen (text, c - text);
      finding->to = finding->from + 1;
      finding->quote = arena_printf (check->arena, "U+%04X", u);
    }
    return;
  }
}

/* Whether TEXT is fit to be looked through: it is there, is text, and not longer than MOST characters. */
static bool
check_shape (Check *check, const char *field, const char *text, glong most, bool required)
{
  size_t bytes = text ? strlen (text) : 0;
  if (!bytes || !text_trim ((Text){ text, bytes }).len) {
    if (required)
      find (check, "missing", JOBS_REFUSE, field);
    return false;
  }
  if (bytes > (size_t)most * UTF8_LONGEST)
    find (check, "long", JOBS_REFUSE, field);
  else if (!g_utf8_validate (text, (gssize)bytes, NULL))
    find (check, "encoding", JOBS_REFUSE, field);
  else if (g_utf8_strlen (text, (gssize)bytes) > most)
    find (check, "long", JOBS_REFUSE, field);
  else
    return true;
  return false;
}

static void
check_text (Check *check, const char *field, const char *text, glong most, bool required)
{
  if (!check_shape (check, field, text, most, required))
    return;
  g_autofree char *half = text_half_width (text_of (text));
  find_control (check, field, text);
  find_patterns (check, field, text, half);
  find_stuffed (check, field, text, half);
}

static void
check_words (Check *check, const char *field, const char *const *words)
{
  for (size_t i = 0; words && words[i]; i++) {
    if (i == JOBS_WORDS_MAX) {
      find (check, "list", JOBS_REFUSE, field);
      return;
    }
    if (strpbrk (words[i], "\n\r"))
      find (check, "control", JOBS_REFUSE, field);
    else
      check_text (check, field, words[i], JOBS_WORD_MAX, true);
  }
}

/* ---- the rest ------------------------------------------------------------------------ */

static void
check_choice (Check *check, const char *field, const char *value, bool required)
{
  const RegistryAttribute *attribute = registry_entity_attribute (check->jobs->post, field);
  if (!value || !*value) {
    if (required)
      find (check, "missing", JOBS_REFUSE, field);
  } else if (!g_strv_contains (attribute->values, value))
    find (check, "choice", JOBS_REFUSE, field);
}

static void
check_place (Check *check)
{
  const RegistryDivisions *divisions = policy_divisions (check->jobs->options.package);
  const char *place = check->a->place;
  if (!place || !*place)
    find (check, "missing", JOBS_REFUSE, "place");
  else if (divisions ? !registry_division_name (divisions, place, jobs_today (check->jobs))
                     : !identity_check_division (text_of (place), NULL, NULL))
    find (check, "choice", JOBS_REFUSE, "place");
}

/* Traineeships are not bound by the minimum wage (clause 2, 月薪合规). */
static void
check_pay (Check *check)
{
  const JobsAdvertisement *a = check->a;
  gint64 least;
  if (!a->pay_from && !a->pay_to)
    return;
  if (a->pay_from < 100 || a->pay_to < a->pay_from || a->pay_to > JOBS_PAY_MAX)
    find (check, "wage-range", JOBS_REFUSE, "pay");
  else if (g_strcmp0 (a->kind, "见习岗位") == 0)
    return;
  else if (!jobs_parameter (check->jobs, "minimum_wage", 2, &least))
    find (check, "wage-unknown", JOBS_HOLD, "pay");
  else if (a->pay_from < least) {
    JobsFinding *finding = find (check, "wage", JOBS_REFUSE, "pay");
    if (finding)
      finding->quote
          = arena_printf (check->arena, "%" G_GINT64_FORMAT ".%02d < %" G_GINT64_FORMAT ".%02d",
                          a->pay_from / 100, (int)(a->pay_from % 100), least / 100, (int)(least % 100));
  }
}

static void
check_numbers (Check *check)
{
  const JobsAdvertisement *a = check->a;
  Day today = jobs_today (check->jobs);
  gint64 days;
  if (a->posts < 1 || a->posts > JOBS_POSTS_MAX)
    find (check, "number", JOBS_REFUSE, "posts");
  else if (a->posts > LARGE)
    find (check, "large", JOBS_HOLD, "posts");
  if (a->until < today
      || (jobs_parameter (check->jobs, "advertisement_days", 0, &days) && a->until - today > days))
    find (check, "until", JOBS_REFUSE, "until");
}

const JobsFinding *
jobs_check (const Jobs *jobs, Arena *arena, const JobsAdvertisement *advertisement, size_t *n)
{
  g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (JobsFinding));
  Check check = { jobs, advertisement, arena, findings };
  check_text (&check, "title", advertisement->title, JOBS_TITLE_MAX, true);
  check_text (&check, "text", advertisement->text, JOBS_TEXT_MAX, true);
  check_text (&check, "occupation", advertisement->occupation, JOBS_WORD_MAX, true);
  check_words (&check, "skills", advertisement->skills);
  check_words (&check, "certificates", advertisement->certificates);
  check_choice (&check, "kind", advertisement->kind, true);
  check_choice (&check, "education", advertisement->education, false);
  check_place (&check);
  check_pay (&check);
  check_numbers (&check);
  if (g_strcmp0 (advertisement->kind, "公益性岗位") == 0)
    find (&check, "welfare", JOBS_HOLD, "kind");
  *n = findings->len;
  return jobs_keep (arena, findings);
}

bool
check_plain (const Jobs *jobs, Arena *arena, const char *field, const char *text, glong most, GError **error)
{
  static const char *const plain[] = { "long", "encoding", "control", "html", "id-number", NULL };
  g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (JobsFinding));
  const JobsAdvertisement none = { 0 };
  Check check = { jobs, &none, arena, findings };
  check_text (&check, field, text, most, false);
  for (guint i = 0; i < findings->len; i++) {
    const JobsRule *rule = g_array_index (findings, JobsFinding, i).rule;
    if (!g_strv_contains (plain, rule->id))
      continue;
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s. %s", field, rule->says.en, rule->remedy.en);
    return false;
  }
  return true;
}
