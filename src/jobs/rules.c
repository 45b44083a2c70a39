/* The rules and words of the package: three tables. */
#include "jobs/jobs_private.h"

#include "sheet/sheet.h"

enum { RULE_COLUMNS = 10, PATTERN_COLUMNS = 4 };

static bool
take_rule (GArray *rules, Arena *arena, const SheetRow *row, GError **error)
{
  const char *c[RULE_COLUMNS];
  for (size_t i = 0; i < RULE_COLUMNS; i++)
    c[i] = arena_text (arena, row->cells[i]);
  JobsRule rule = { .id = c[0],
                    .says = { c[1], c[2] },
                    .law = { c[3], c[4] },
                    .remedy = { c[5], c[6] },
                    .reference = c[7],
                    .url = c[8],
                    .confidence = c[9] };
  if (!g_str_equal (c[9], "cited") && !g_str_equal (c[9], "assumed"))
    return jobs_refuse (error, FAULT_INPUT, "confidence is cited or assumed");
  g_array_append_val (rules, rule);
  return true;
}

static bool
take_pattern (const JobsRules *rules, GArray *patterns, const SheetRow *row, GError **error)
{
  g_autofree char *source = g_strndup (row->cells[3].bytes, row->cells[3].len);
  JobsPattern pattern = { .rule = rules_find (rules, arena_text (rules->arena, row->cells[0])),
                          .lawful_for = arena_text (rules->arena, row->cells[2]) };
  bool allow = text_equal (row->cells[1], TEXT_LITERAL ("allow")),
       hold = text_equal (row->cells[1], TEXT_LITERAL ("review"));
  if (!allow && !hold && !text_equal (row->cells[1], TEXT_LITERAL ("refuse")))
    return jobs_refuse (error, FAULT_INPUT, "the weight is allow, review or refuse");
  if (allow != (row->cells[0].len == 0) || (!allow && !pattern.rule))
    return jobs_refuse (error, FAULT_INPUT, "there is no rule of that name");
  pattern.weight = hold ? JOBS_HOLD : JOBS_REFUSE;
  if (!(pattern.regex = g_regex_new (source, G_REGEX_OPTIMIZE, 0, error)))
    return false;
  if (allow)
    g_array_prepend_val (patterns, pattern);
  else
    g_array_append_val (patterns, pattern);
  return true;
}

typedef bool (*TakeRow) (const JobsRules *rules, GArray *into, const SheetRow *row, GError **error);

static bool
take_rule_row (const JobsRules *rules, GArray *into, const SheetRow *row, GError **error)
{
  return take_rule (into, rules->arena, row, error);
}

/* The rows of NAME below its heading, which must have N_COLUMNS. */
static bool
read_table (const JobsRules *rules, const char *folder, const char *name, size_t n_columns, TakeRow take,
            GArray *into, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "markets", name, NULL);
  g_autoptr (SheetReader) in = sheet_reader_open (path, &(SheetOptions){ .encoding = "utf-8" }, error);
  SheetRow row;
  SheetStep step;
  if (!in)
    return false;
  while ((step = sheet_reader_next (in, &row, error)) == SHEET_ROW) {
    g_autoptr (GError) fault = NULL;
    if (row.n != n_columns)
      jobs_refuse (&fault, FAULT_INPUT, "another number of columns");
    else if (row.number == 1 || take (rules, into, &row, &fault))
      continue;
    g_set_error (error, FAULT, FAULT_INPUT, "%s: row %" G_GINT64_FORMAT ": %s", path, row.number,
                 fault->message);
    return false;
  }
  return step == SHEET_END;
}

static const char *const needed[] /* by check.c */
    = { "wage",   "wage-unknown", "wage-range", "welfare",  "repeated", "stuffed",
        "many",   "large",        "control",    "encoding", "missing",  "long",
        "number", "list",         "choice",     "until",    "id-number" };

static bool
check_needed (const JobsRules *rules, const char *folder, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!rules_find (rules, needed[i])) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s/markets/advertisement-rules.csv has no rule %s", folder,
                   needed[i]);
      return false;
    }
  return true;
}

bool
rules_load (JobsRules *rules, const char *folder, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (JobsRule)),
                     patterns = g_array_new (FALSE, FALSE, sizeof (JobsPattern));
  *rules = (JobsRules){ .arena = arena_new () };
  bool read = read_table (rules, folder, "advertisement-rules.csv", RULE_COLUMNS, take_rule_row, all, error);
  rules->n_rules = all->len;
  rules->rules = jobs_keep (rules->arena, all);
  read = read && check_needed (rules, folder, error)
         && read_table (rules, folder, "discrimination.csv", PATTERN_COLUMNS, take_pattern, patterns, error)
         && read_table (rules, folder, "spam.csv", PATTERN_COLUMNS, take_pattern, patterns, error);
  rules->n_patterns = patterns->len;
  rules->patterns = jobs_keep (rules->arena, patterns);
  if (!read)
    rules_clear (rules);
  return read;
}

void
rules_clear (JobsRules *rules)
{
  for (size_t i = 0; i < rules->n_patterns; i++)
    g_regex_unref (rules->patterns[i].regex);
  g_clear_pointer (&rules->arena, arena_free);
  *rules = (JobsRules){ 0 };
}

const JobsRule *
rules_find (const JobsRules *rules, const char *id)
{
  for (size_t i = 0; i < rules->n_rules; i++)
    if (g_str_equal (rules->rules[i].id, id))
      return &rules->rules[i];
  return NULL;
}
