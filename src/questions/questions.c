/* What a determination still waits for, as questions. */
#include "questions/questions.h"

#include <string.h>

enum { TRIED_MAX = 8, ANSWERS_MAX = 8 }; /* questions weighed against each other; answers of each */

const char *
question_kind_id (QuestionKind kind)
{
  static const char *const ids[]
      = { "yes_no", "choice", "number", "money", "date", "text", "exists", "count" };
  return ids[kind];
}

static QuestionKind
kind_of (const RegistryAttribute *a)
{
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return QUESTION_YES_NO;
  case REGISTRY_NUMBER: return QUESTION_NUMBER;
  case REGISTRY_MONEY: return QUESTION_MONEY;
  case REGISTRY_DATE: return QUESTION_DATE;
  case REGISTRY_REFERENCE: return QUESTION_EXISTS;
  case REGISTRY_COLLECTION: return QUESTION_COUNT;
  case REGISTRY_TEXT: break;
  }
  return a->values ? QUESTION_CHOICE : QUESTION_TEXT;
}

/* ---- names ------------------------------------------------------------------------- */

static const RegistryAttribute *
attribute_called (const RegistryEntity *entity, Text zh)
{
  for (size_t i = 0; entity && i < entity->n; i++)
    if (text_equal (text_of (entity->attributes[i].zh), zh))
      return &entity->attributes[i];
  return NULL;
}

/* The next part of a path, "成员[2]": its name, and its place or 0. */
static Text
next_part (const char **rest, int *place)
{
  const char *begin = *rest, *dot = strchr (begin, '.'), *bracket = strchr (begin, '[');
  size_t len = dot ? (size_t)(dot - begin) : strlen (begin);
  *rest = dot ? dot + 1 : NULL;
  *place = 0;
  if (!bracket || (size_t)(bracket - begin) >= len)
    return (Text){ begin, len };
  *place = atoi (bracket + 1);
  return (Text){ begin, (size_t)(bracket - begin) };
}

const Question *
question_about (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
                const char *path)
{
  const RegistryEntity *entity = provision->subject;
  const RegistryAttribute *a = NULL;
  g_autoptr (GString) zh = g_string_new (NULL), en = g_string_new (NULL);
  const char *rest = path;
  int place;
  if (!text_equal (next_part (&rest, &place), text_of (entity->zh)))
    return NULL;
  while (rest) {
    a = attribute_called (entity, next_part (&rest, &place));
    if (!a)
      return NULL;
    entity = a->target;
    g_string_append_printf (zh, "%s%s", zh->len ? "的" : "", a->zh);
    g_string_append_printf (en, "%s%s", en->len ? ", " : "", a->en ? a->en : a->zh);
    if (place) {
      g_string_append_printf (zh, "（第%d个）", place);
      g_string_append_printf (en, " %d", place);
    }
  }
  if (!a)
    return NULL;
  Question *q = arena_new0 (arena, Question, 1);
  *q = (Question){ .path = arena_text (arena, text_of (path)),
                   .kind = kind_of (a),
                   .attribute = a,
                   .label
                   = { arena_text (arena, text_of (zh->str)), arena_text (arena, text_of (en->str)) } };
  return q;
}

/* ---- which first --------------------------------------------------------------------- */

/* Days before today that rules tell apart: a window near today, ages of school, work and retirement. */
static const int days_tried[] = { -180, 30, 400, 3000, 7000, 12000, 22500 };

static size_t
days_of (Arena *arena, const RegistryAttribute *a, Day as_of, const char **answers)
{
  char buffer[CIVIL_TEXT_MAX];
  for (size_t i = 0; i < G_N_ELEMENTS (days_tried); i++) {
    gint64 day = as_of - days_tried[i];
    day = a->has_min ? MAX (day, a->min) : day;
    answers[i] = arena_text (arena, text_of (civil_format (a->has_max ? MIN (day, a->max) : day, buffer)));
  }
  return G_N_ELEMENTS (days_tried);
}

/* The ends and what lies between them: a quantity's rules begin near its lower end. */
static size_t
numbers_of (Arena *arena, const RegistryAttribute *a, const char **answers)
{
  char buffer[DECIMAL_TEXT_MAX];
  gint64 low = a->has_min ? a->min : 0, high = a->has_max ? a->max : low + 1000000;
  const gint64 tried[] = { low, low + (high - low) / 1000, low + (high - low) / 20, high };
  for (size_t i = 0; i < G_N_ELEMENTS (tried); i++)
    answers[i]
        = arena_text (arena, text_of (decimal_format (decimal_from_scaled (tried[i], a->scale), buffer)));
  return G_N_ELEMENTS (tried);
}

/* Answers worth trying: all of few, the ends of many; "none" is the last. */
static size_t
answers_of (Arena *arena, const Question *q, Day as_of, const char **answers)
{
  const RegistryAttribute *a = q->attribute;
  size_t n = 0;
  switch (q->kind) {
  case QUESTION_YES_NO:
  case QUESTION_EXISTS:
    answers[n++] = "true";
    answers[n++] = "false";
    return n;
  case QUESTION_CHOICE:
    for (size_t i = 0; i < a->n_values && n < ANSWERS_MAX - 1; i++)
      answers[n++] = a->values[i];
    break;
  case QUESTION_COUNT:
    answers[n++] = "0";
    answers[n++] = "1";
    return n;
  case QUESTION_DATE: n = days_of (arena, a, as_of, answers); break;
  case QUESTION_NUMBER:
  case QUESTION_MONEY: n = numbers_of (arena, a, answers); break;
  case QUESTION_TEXT: break;
  }
  answers[n++] = NULL;
  return n;
}

/* Whether two determinations leave the same: outcome, sum and what is still open. */
static bool
same_left (Arena *arena, const PolicyDetermination *a, const PolicyDetermination *b)
{
  if (a->outcome != b->outcome || a->n_needs != b->n_needs
      || strcmp (feel_display (arena, a->amount), feel_display (arena, b->amount)) != 0)
    return false;
  for (size_t i = 0; i < a->n_needs; i++)
    if (strcmp (a->needs[i].name, b->needs[i].name) != 0)
      return false;
  return true;
}

/* How telling Q is, of those tried: first whether its answers lead to different places, then in how many of
 * a hundred they settle the outcome.  Of a text only "none" can be tried, so that it is given the benefit. */
static int
tells (const QuestionsAsk *ask, const Question *q)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *answers[ANSWERS_MAX];
  size_t n = answers_of (arena, q, ask->as_of, answers), settled = 0;
  bool differs = q->kind == QUESTION_TEXT;
  const PolicyDetermination *first = NULL;
  PolicyStatement *stated = arena_new0 (arena, PolicyStatement, ask->n + 1);
  for (size_t i = 0; i < ask->n; i++)
    stated[i] = ask->stated[i];
  for (size_t i = 0; i < n; i++) {
    stated[ask->n] = (PolicyStatement){ q->path, answers[i] };
    const PolicyDetermination *d = policy_determine_stated (ask->package, NULL, arena, ask->provision,
                                                            ask->as_of, ask->at, stated, ask->n + 1, NULL);
    if (!d)
      continue;
    settled += d->outcome != POLICY_UNDETERMINED;
    differs = differs || (first && !same_left (arena, first, d));
    first = first ? first : d;
  }
  return (differs ? 101 : 0) + (int)(100 * settled / n);
}

/* The most telling of the first few to the front; the others keep the rules' order.  Facts on record would
 * be read again for each try, so this is done where nobody's are read. */
static void
put_first (const QuestionsAsk *ask, Question *items, size_t n)
{
  size_t best = 0;
  int most = -1;
  for (size_t i = 0; !ask->permit && n > 1 && i < MIN (n, (size_t)TRIED_MAX); i++) {
    int told = tells (ask, &items[i]);
    if (told > most) {
      most = told;
      best = i;
    }
  }
  Question first = items[best];
  memmove (&items[1], &items[0], best * sizeof *items);
  items[0] = first;
}

/* ---- the call -------------------------------------------------------------------------- */

const Questions *
questions_of (const QuestionsAsk *ask, Arena *arena, GError **error)
{
  Questions *found = arena_new0 (arena, Questions, 1);
  const PolicyDetermination *d = policy_determine_stated (ask->package, ask->permit, arena, ask->provision,
                                                          ask->as_of, ask->at, ask->stated, ask->n, error);
  if (!d)
    return NULL;
  Question *items = arena_new0 (arena, Question, d->n_needs + 1);
  PolicyNeed *parameters = arena_new0 (arena, PolicyNeed, d->n_needs);
  for (size_t i = 0; i < d->n_needs; i++)
    if (d->needs[i].is_parameter)
      parameters[found->n_parameters++] = d->needs[i];
    else {
      const Question *q = question_about (ask->package, arena, ask->provision, d->needs[i].name);
      if (q)
        items[found->n++] = *q;
    }
  if (found->n)
    put_first (ask, items, found->n);
  found->determination = d;
  found->items = items;
  found->parameters = parameters;
  return found;
}
