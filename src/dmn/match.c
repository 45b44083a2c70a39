/* Which rules of a table are in play: met, or undecided (strong Kleene logic over
 * a rule's conditions).  What the index knows is a matter of bits; what it leaves
 * open, tests that are not constant and inputs they do not speak of, is evaluated
 * condition by condition. */
#include "dmn_private.h"

typedef struct {
  const DmnTable *table;
  const FeelValue *inputs;
  FeelRun *run;
  const RuleSets *sets; /* per input */
} Matcher;

static bool
has (const RuleWord *set, size_t rule)
{
  return set[rule / RULE_WORD_BITS] >> (rule % RULE_WORD_BITS) & 1;
}

static FeelValue
evaluate_test (const DmnCell *test, FeelValue input, FeelRun *run)
{
  return test->expression ? feel_evaluate_test (test->expression, input, run) : boxed_cell (test, run);
}

/* One condition; *DOUBT takes what it is waiting for. */
static DmnStatus
condition_status (const Matcher *m, size_t rule, size_t input, FeelValue *doubt)
{
  const RuleSets *sets = &m->sets[input];
  if (!has (sets->open, rule))
    return has (sets->kept, rule) ? DMN_MET : DMN_NOT_MET;
  FeelValue met = evaluate_test (&m->table->rules[rule].tests[input], m->inputs[input], m->run);
  if (met.kind != FEEL_UNKNOWN)
    return feel_is_true (met) ? DMN_MET : DMN_NOT_MET;
  *doubt = feel_unknown_merge (m->run->arena, *doubt, met);
  return DMN_UNDECIDED;
}

/* The conjunction of a rule's conditions.  Without CONDITIONS (to be filled) the
 * first failed one ends it. */
static Match
match_rule (const Matcher *m, size_t rule, DmnTraceCondition *conditions)
{
  const DmnTable *table = m->table;
  Match match = { rule, DMN_MET, feel_null () };
  for (size_t i = 0; i < table->n_inputs && (conditions || match.status != DMN_NOT_MET); i++) {
    DmnStatus status = condition_status (m, rule, i, &match.doubt);
    if (conditions)
      conditions[i]
          = (DmnTraceCondition){ &table->inputs[i], &table->rules[rule].tests[i], status, m->inputs[i] };
    if (match.status != DMN_NOT_MET && status != DMN_MET)
      match.status = status;
  }
  return match;
}

/* The rules that no condition known to the index excludes, and how many; *OPEN:
 * those among them with conditions to evaluate. */
static size_t
intersect (const Matcher *m, RuleWord *kept, RuleWord *open)
{
  const struct DmnIndex *index = m->table->index;
  size_t n = 0;
  for (size_t w = 0; w < index->n_words; w++) {
    kept[w] = index->all[w];
    for (size_t i = 0; i < m->table->n_inputs; i++) {
      kept[w] &= m->sets[i].kept[w];
      open[w] |= m->sets[i].open[w];
    }
    n += (size_t)__builtin_popcountll (kept[w]);
  }
  return n;
}

/* Under FIRST nothing that follows a match can matter, unless a rule before it is
 * undecided: then all that the table waits for is told. */
static bool
settles (const Matcher *m, const Matches *found)
{
  return m->table->policy == DMN_FIRST && found->n == 1 && found->matches[0].status == DMN_MET;
}

static Matches
match_kept (const Matcher *m)
{
  Arena *arena = m->run->arena;
  size_t n_words = m->table->index->n_words;
  RuleWord *kept = arena_new0 (arena, RuleWord, 2 * n_words), *open = kept + n_words;
  Matches found = { 0, arena_new0 (arena, Match, intersect (m, kept, open)) };
  for (size_t w = 0; w < n_words; w++)
    for (RuleWord rest = kept[w]; rest && !settles (m, &found); rest &= rest - 1) {
      size_t rule = w * RULE_WORD_BITS + (size_t)__builtin_ctzll (rest);
      Match match = has (open, rule) ? match_rule (m, rule, NULL) : (Match){ rule, DMN_MET, feel_null () };
      if (match.status != DMN_NOT_MET)
        found.matches[found.n++] = match;
    }
  return found;
}

static Matches
match_traced (const Matcher *m, DmnTraceRule *trace)
{
  const DmnTable *table = m->table;
  Arena *arena = m->run->arena;
  Matches found = { 0, arena_new0 (arena, Match, table->n_rules) };
  DmnTraceCondition *conditions = arena_new0 (arena, DmnTraceCondition, table->n_rules * table->n_inputs);
  for (size_t r = 0; r < table->n_rules; r++, conditions += table->n_inputs) {
    Match match = match_rule (m, r, conditions);
    trace[r] = (DmnTraceRule){ &table->rules[r], match.status, conditions };
    if (match.status != DMN_NOT_MET)
      found.matches[found.n++] = match;
  }
  return found;
}

Matches
match_rules (const DmnTable *table, const FeelValue *inputs, FeelRun *run, DmnTraceRule *trace)
{
  size_t n_words = table->index->n_words;
  RuleSets *sets = arena_new0 (run->arena, RuleSets, table->n_inputs);
  RuleWord *scratch = arena_new0 (run->arena, RuleWord, table->n_inputs * n_words);
  for (size_t i = 0; i < table->n_inputs; i++)
    sets[i] = index_look_up (table, i, &inputs[i], scratch + i * n_words);
  Matcher m = { table, inputs, run, sets };
  return trace ? match_traced (&m, trace) : match_kept (&m);
}
