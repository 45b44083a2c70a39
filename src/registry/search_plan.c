/* What was typed becomes stages, ranges of keys: the nearest to what people
 * mean first, and in each the shortest key, which is the exact match, first. */
#include "registry/search.h"

/* Fewer digits than this are part of too many numbers. */
enum { NUMBER_MIN = 6, PHONE_MIN = 4 };

/* Greater than whatever follows a prefix: the last code point. */
#define AFTER_ALL "\xf4\x8f\xbf\xbf"

typedef struct {
  Arena *arena;
  const RegistryEntity *entity;
  SearchStage *stages;
  size_t n;
  bool too_short;
} Planner;

enum { STAGES_MAX = 8 + 2 * SPELLING_PATTERNS_MAX };

static Text
key_text (Planner *p, char kind, Text prefix)
{
  return text_of (arena_printf (p->arena, "%c%.*s", kind, (int)prefix.len, prefix.bytes));
}

static SearchStage *
add_stage (Planner *p, char kind, Text from, Text to)
{
  SearchStage *stage = &p->stages[p->n++];
  *stage = (SearchStage){ .kind = kind, .from = from, .to = to };
  return stage;
}

static SearchStage *
add_prefix (Planner *p, char kind, Text prefix)
{
  Text from = key_text (p, kind, prefix);
  return add_stage (p, kind, from, text_of (arena_printf (p->arena, "%s" AFTER_ALL, from.bytes)));
}

/* ---- names ------------------------------------------------------------- */

static bool
is_letters (Text folded)
{
  for (size_t i = 0; i < folded.len; i++)
    if (!g_ascii_islower (folded.bytes[i]))
      return false;
  return folded.len > 0;
}

static void
add_pattern (Planner *p, char kind, const SpellingPattern *pattern)
{
  char initials[SPELLING_PIECES_MAX];
  for (size_t i = 0; i < pattern->n; i++)
    initials[i] = pattern->pieces[i].initial;
  add_prefix (p, kind, (Text){ initials, pattern->n })->pattern = pattern;
}

/* One letter alone is the beginning of a name, not of any of its characters. */
static void
add_spelling (Planner *p, Text folded)
{
  SpellingPattern *patterns = arena_new0 (p->arena, SpellingPattern, SPELLING_PATTERNS_MAX);
  size_t n = is_letters (folded) ? spelling_patterns (folded, patterns) : 0;
  add_prefix (p, 'P', folded);
  for (size_t i = 0; i < n; i++)
    add_pattern (p, 'I', &patterns[i]);
  if (folded.len == 1)
    return;
  add_prefix (p, 'p', folded);
  for (size_t i = 0; i < n; i++)
    add_pattern (p, 'i', &patterns[i]);
}

static void
add_chinese (Planner *p, Text folded)
{
  add_prefix (p, 'N', folded);
  add_prefix (p, 'n', folded);
}

/* ---- numbers ----------------------------------------------------------- */

static SearchStage *
add_end (Planner *p, char kind, Text end, size_t max)
{
  char out[SPELLING_SIZE];
  return add_prefix (p, kind, search_backwards (end, max, out));
}

static void
add_number (Planner *p, Text number)
{
  if (number.len < NUMBER_MIN) { /* a whole number, or none */
    Text whole = key_text (p, 'D', number);
    add_stage (p, 'D', whole, text_of (arena_printf (p->arena, "%s\x01", whole.bytes)));
    return;
  }
  add_prefix (p, 'D', number);
  SearchStage *stage = add_end (p, 'd', number, SEARCH_END_MAX);
  if (number.len > SEARCH_END_MAX)
    stage->end = arena_text_copy (p->arena, number);
}

static size_t
count_digits (Text folded)
{
  size_t n = 0;
  for (size_t i = 0; i < folded.len; i++)
    n += g_ascii_isdigit (folded.bytes[i]);
  return n;
}

/* ONLY: there is nothing but digits, and the X at a number's end. */
static void
add_digits (Planner *p, Text folded, bool only)
{
  if (p->entity->number)
    add_number (p, folded);
  if (p->entity->phone && only && folded.len >= PHONE_MIN)
    add_end (p, 'T', folded, folded.len);
  p->too_short = only && folded.len < (p->entity->phone ? PHONE_MIN : NUMBER_MIN);
}

/* ---- together ---------------------------------------------------------- */

SearchPlan
search_plan (Arena *arena, const RegistryEntity *entity, const char *text)
{
  Planner p = { arena, entity, arena_new0 (arena, SearchStage, STAGES_MAX), 0, false };
  SearchPlan plan = { .stages = p.stages };
  char buffer[SPELLING_SIZE];
  Text folded = spelling_fold (text_of (text), buffer);
  size_t digits = count_digits (folded), x = folded.len && folded.bytes[folded.len - 1] == 'x';
  if (!folded.len) {
    plan.too_short = text && *text;
    if (!plan.too_short)
      add_prefix (&p, 'P', folded);
  } else if (spelling_is_chinese (folded)) {
    plan.term = REGISTRY_TERM_NAME;
    add_chinese (&p, folded);
    if (digits && entity->number) /* 侯政办〔2021〕81号 */
      add_prefix (&p, 'D', folded);
  } else {
    plan.term = digits ? REGISTRY_TERM_NUMBER : REGISTRY_TERM_SPELLING;
    if (digits)
      add_digits (&p, folded, digits + x == folded.len);
    add_spelling (&p, folded);
  }
  plan.n = p.n;
  plan.too_short |= p.too_short;
  return plan;
}

/* ---- matching ---------------------------------------------------------- */

static int
compare (Text a, Text b)
{
  int order = memcmp (a.bytes, b.bytes, MIN (a.len, b.len));
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The initials are the range's; here the syllables.  search.h: the key is its
 * kind, then as many first letters as marks. */
static bool
fits (const SpellingPattern *pattern, Text key)
{
  const char *marks = key.bytes + 1 + key.len / 2;
  for (size_t i = 0; i < pattern->n; i++)
    if (marks[i] < pattern->pieces[i].from || marks[i] > pattern->pieces[i].to)
      return false;
  return true;
}

static bool
ends_with (Text number, Text end)
{
  char buffer[SPELLING_SIZE];
  Text folded = spelling_fold (number, buffer);
  return folded.len >= end.len && memcmp (folded.bytes + folded.len - end.len, end.bytes, end.len) == 0;
}

bool
search_stage_holds (const SearchStage *stage, Text key)
{
  return compare (key, stage->from) >= 0 && compare (key, stage->to) < 0
         && (!stage->pattern || fits (stage->pattern, key));
}

static bool
is_in_stage (const SearchStage *stage, const SearchSubject *subject, Text key)
{
  return search_stage_holds (stage, key) && (!stage->end.len || ends_with (subject->number, stage->end));
}

int
search_plan_match (const SearchPlan *plan, const SearchSubject *subject, const SearchKeys *keys, Text *key)
{
  for (size_t i = 0; i < plan->n; i++)
    for (size_t k = 0; k < keys->n; k++) {
      *key = search_key (keys, k);
      if (is_in_stage (&plan->stages[i], subject, *key))
        return (int)i;
    }
  return -1;
}
