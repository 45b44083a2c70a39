/* Random decision tables against a plain reading of DMN 1.5, clause 8.2.8.
 *
 * Where every fact is known, the answer is the oracle's below.  Where some are
 * unknown, a determined answer is that of every completion; an open one is not,
 * and it names exactly the facts that can change it, the others held. */
#include "support.h"

#include "dmn/dmn.h"

enum { INPUTS_MAX = 3, RULES_MAX = 4, TABLES = 400 };

static const char *const facts[INPUTS_MAX] = { "甲", "乙", "丙" };
static const char *const policies[] = { "U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#" };
static const char *const tests[] = { "-", "true", "false", "not(true)", "not(false)", "null" };
static const int priorities[] = { 2, 0, 1 }; /* of the 允许 row, most important first */

/* A fact is one of these. */
typedef enum { KNOWN_FALSE, KNOWN_TRUE, KNOWN_NONE, NOT_KNOWN } Fact;

typedef struct {
  const char *policy;
  int n_inputs, n_rules;
  int tests[RULES_MAX][INPUTS_MAX];
  int outputs[RULES_MAX];
  int standard; /* the 默认 row's output, −1: no such row */
} Sample;

static Sample
sample_new (GRand *rand)
{
  Sample s = { .policy = policies[g_rand_int_range (rand, 0, G_N_ELEMENTS (policies))],
               .n_inputs = g_rand_int_range (rand, 1, INPUTS_MAX + 1),
               .n_rules = g_rand_int_range (rand, 1, RULES_MAX + 1),
               .standard = g_rand_int_range (rand, -3, 3) };
  for (int r = 0; r < s.n_rules; r++) {
    s.outputs[r] = g_rand_int_range (rand, 0, 3);
    for (int i = 0; i < s.n_inputs; i++)
      s.tests[r][i] = g_rand_int_range (rand, 0, G_N_ELEMENTS (tests));
  }
  return s;
}

/* ---- as a clause file -------------------------------------------------- */

static void
write_row (GString *out, const char *label, int n_inputs, const char *const *inputs, const char *output)
{
  g_string_append_printf (out, "| %s |", label);
  for (int i = 0; i < n_inputs; i++)
    g_string_append_printf (out, " %s |", inputs[i]);
  g_string_append_printf (out, " %s |\n", output);
}

static char *
sample_page (const Sample *s)
{
  static const char *const heads[] = { "输入.甲", "输入.乙", "输入.丙" },
                           *const dashes[] = { "---", "---", "---" }, *const blanks[] = { "", "", "" };
  GString *out = g_string_new ("## 答: 任意\n\n");
  write_row (out, s->policy, s->n_inputs, heads, "→ 答");
  write_row (out, "---", s->n_inputs, dashes, "---");
  write_row (out, "允许", s->n_inputs, blanks, "2, 0, 1");
  char output[8];
  if (s->standard >= 0) {
    g_snprintf (output, sizeof output, "%d", s->standard);
    write_row (out, "默认", s->n_inputs, blanks, output);
  }
  for (int r = 0; r < s->n_rules; r++) {
    const char *cells[INPUTS_MAX];
    for (int i = 0; i < s->n_inputs; i++)
      cells[i] = tests[s->tests[r][i]];
    g_snprintf (output, sizeof output, "%d", s->outputs[r]);
    write_row (out, "·", s->n_inputs, cells, output);
  }
  return g_string_free (out, FALSE);
}

/* ---- the oracle -------------------------------------------------------- */

static bool
passes (int test, Fact fact)
{
  switch (test) {
  case 0: return true;
  case 1: return fact == KNOWN_TRUE;
  case 2: return fact == KNOWN_FALSE;
  case 3: return fact != KNOWN_TRUE;
  case 4: return fact != KNOWN_FALSE;
  default: return fact == KNOWN_NONE;
  }
}

static int
rank (int output)
{
  int i = 0;
  while (priorities[i] != output)
    i++;
  return i;
}

static char *
no_match (const Sample *s)
{
  return s->standard < 0 ? g_strdup ("null") : g_strdup_printf ("%d", s->standard);
}

static char *
list_text (const int *outputs, int n, bool by_rank)
{
  GString *out = g_string_new ("[");
  for (int at = 0; at < (by_rank ? 3 : 1); at++)
    for (int i = 0; i < n; i++)
      if (!by_rank || rank (outputs[i]) == at)
        g_string_append_printf (out, "%s%d", out->len > 1 ? ", " : "", outputs[i]);
  return g_string_free (g_string_append_c (out, ']'), FALSE);
}

/* The one number that a policy makes of the matching outputs, N ≥ 1. */
static char *
single_text (const char *policy, const int *outputs, int n)
{
  int value = outputs[0];
  bool same = true;
  for (int i = 1; i < n; i++) {
    same = same && outputs[i] == outputs[0];
    if (g_str_equal (policy, "C+"))
      value += outputs[i];
    else if (g_str_equal (policy, "C<"))
      value = MIN (value, outputs[i]);
    else if (g_str_equal (policy, "C>"))
      value = MAX (value, outputs[i]);
    else if (g_str_equal (policy, "P") && rank (outputs[i]) < rank (value))
      value = outputs[i];
  }
  bool wrong = (g_str_equal (policy, "U") && n > 1) || (g_str_equal (policy, "A") && !same);
  return wrong ? g_strdup ("null") : g_strdup_printf ("%d", value);
}

static char *
oracle (const Sample *s, const Fact *known)
{
  int outputs[RULES_MAX], n = 0;
  for (int r = 0; r < s->n_rules; r++) {
    bool met = true;
    for (int i = 0; i < s->n_inputs; i++)
      met = met && passes (s->tests[r][i], known[i]);
    if (met)
      outputs[n++] = s->outputs[r];
  }
  bool listing = strlen (s->policy) == 1 && strchr ("ROC", s->policy[0]);
  if (g_str_equal (s->policy, "C#"))
    return g_strdup_printf ("%d", n);
  if (listing && (n || s->standard < 0))
    return list_text (outputs, n, g_str_equal (s->policy, "O"));
  return n ? single_text (s->policy, outputs, n) : no_match (s);
}

/* ---- comparing --------------------------------------------------------- */

static FeelValue
fact_value (Arena *arena, int i, Fact fact)
{
  switch (fact) {
  case KNOWN_FALSE: return feel_boolean (false);
  case KNOWN_TRUE: return feel_boolean (true);
  case KNOWN_NONE: return feel_null ();
  case NOT_KNOWN: break;
  }
  return feel_unknown (arena, (FeelNeed){ .name = text_of (facts[i]) });
}

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Fact *known = host;
  FeelEntry entries[INPUTS_MAX];
  for (int i = 0; i < INPUTS_MAX; i++)
    entries[i] = (FeelEntry){ text_of (facts[i]), fact_value (arena, i, known[i]) };
  return feel_context (arena, entries, INPUTS_MAX);
}

/* The completion of KNOWN that CODE numbers, 0 … 26. */
static void
complete (const Fact *known, int code, Fact *completed)
{
  for (int i = 0, rest = code; i < INPUTS_MAX; i++, rest /= 3)
    completed[i] = known[i] == NOT_KNOWN ? (Fact)(rest % 3) : known[i];
}

/* Whether every completion of KNOWN gives ANSWER (NULL: whatever they share). */
static bool
completions_give (const Sample *s, const Fact *known, const char *answer)
{
  g_autofree char *first = g_strdup (answer);
  for (int code = 0; code < 27; code++) {
    Fact completed[INPUTS_MAX];
    complete (known, code, completed);
    g_autofree char *expected = oracle (s, completed);
    if (!first)
      first = g_strdup (expected);
    if (!g_str_equal (expected, first))
      return false;
  }
  return true;
}

/* Whether fact I alone can change the answer under some completion of the others. */
static bool
can_change (const Sample *s, const Fact *known, int i)
{
  for (int code = 0; code < 27; code++) {
    Fact one[INPUTS_MAX], two[INPUTS_MAX];
    complete (known, code, one);
    memcpy (two, one, sizeof two);
    two[i] = (Fact)((one[i] + 1) % 3);
    g_autofree char *a = oracle (s, one), *b = oracle (s, two);
    if (!g_str_equal (a, b))
      return true;
  }
  return false;
}

static void
check_needs (const Sample *s, const FeelUnknown *unknown, const Fact *known)
{
  g_assert_cmpuint (unknown->n, >, 0);
  for (int i = 0; i < INPUTS_MAX; i++) {
    bool named = false;
    for (size_t k = 0; k < unknown->n; k++)
      named |= text_equal (unknown->needs[k]->name, text_of (facts[i]));
    g_assert_cmpint (named, ==, known[i] == NOT_KNOWN && can_change (s, known, i));
  }
}

typedef struct {
  int decided, open; /* with something unknown */
} Tally;

static void
check_assignment (const Sample *s, const DmnModel *model, const DmnDecision *d, const Fact *known,
                  Tally *tally)
{
  g_autoptr (Arena) arena = arena_new ();
  DmnRun *run = dmn_run_new (model, arena, bind, (void *)known, DMN_PLAIN);
  FeelValue value = dmn_run_decision (run, d);
  bool all_known = true;
  for (int i = 0; i < s->n_inputs; i++)
    all_known = all_known && known[i] != NOT_KNOWN;
  if (value.kind == FEEL_UNKNOWN) {
    g_assert_false (all_known);
    check_needs (s, value.unknown, known);
    tally->open++;
    return;
  }
  g_autoptr (GString) text = g_string_new (NULL);
  feel_write (text, value);
  g_autofree char *page = sample_page (s);
  if (!completions_give (s, known, text->str))
    g_error ("%s answers %s for %d %d %d, which not every completion gives", page, text->str, known[0],
             known[1], known[2]);
  tally->decided += !all_known;
}

static void
check_table (const Sample *s, Tally *tally)
{
  const FeelMember members[] = { { text_of (facts[0]), &feel_type_boolean },
                                 { text_of (facts[1]), &feel_type_boolean },
                                 { text_of (facts[2]), &feel_type_boolean } };
  const FeelType type = { .kind = FEEL_TYPE_CONTEXT, .n = INPUTS_MAX, .members = members, .closed = true };
  const DmnVariable input = { "输入", &type };
  g_autofree char *page = sample_page (s);
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnClauseSource source = { .id = "页",
                             .origin = "page.md",
                             .body = text_of (page),
                             .first_line = 1,
                             .variables = &input,
                             .n_variables = 1 };
  g_assert_nonnull (dmn_model_read_clause (model, &source, faults));
  g_assert_true (dmn_model_link (model, faults));
  const DmnDecision *d = dmn_model_find (model, "页", "答");
  for (int code = 0; code < 64; code++) {
    Fact known[INPUTS_MAX] = { (Fact)(code % 4), (Fact)(code / 4 % 4), (Fact)(code / 16) };
    check_assignment (s, model, d, known, tally);
  }
}

static void
test_policy (gconstpointer policy)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (policy));
  Tally tally = { 0 };
  for (int i = 0; i < TABLES; i++) {
    Sample s = sample_new (rand);
    s.policy = policy;
    check_table (&s, &tally);
  }
  g_test_message ("%s with unknown facts: %d decided, %d open", (const char *)policy, tally.decided,
                  tally.open);
  g_assert_cmpint (tally.decided, >, 100);
  g_assert_cmpint (tally.open, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (policies); i++) {
    g_autofree char *path = g_strdup_printf ("/dmn/sound/%s", policies[i]);
    g_test_add_data_func (path, policies[i], test_policy);
  }
  return g_test_run ();
}
