/* Barriers: what of a clause turns on facts that sort people by what they are or where
 * they come from, and where that is read. */
#include "policy_private.h"

const char *
policy_effect_id (PolicyEffect effect)
{
  static const char *const ids[] = { "refuses", "limits", "ranks" };
  return ids[effect];
}

const char *
policy_path_text (Arena *arena, const RegistryEntity *root, const FeelPath *path)
{
  g_autoptr (GString) text = g_string_new (root->zh);
  for (size_t i = 0; i < path->n; i++)
    g_string_append_printf (text, ".%.*s", (int)path->members[i].len, path->members[i].bytes);
  return arena_text (arena, (Text){ text->str, text->len });
}

/* ---- places --------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  const RegistryEntity *root;
  FeelPath path;
  size_t length;   /* of the members a place must read: all, or fewer where what they are in is handed on */
  GPtrArray *seen; /* decisions */
  GArray *places;  /* PolicyPlace */
} Search;

static bool
reads (const Search *s, const DmnDecision *d, const FeelExpression *e)
{
  size_t n = 0;
  const FeelPath *paths = e ? feel_expression_paths (e, &n) : NULL;
  for (size_t i = 0; i < n; i++) {
    const FeelPath *p = &paths[i];
    bool ours = p->slot >= 0 && (size_t)p->slot < d->unit->n_variables
                && g_str_equal (d->unit->variables[p->slot].name, s->root->zh) && p->n >= s->length;
    for (size_t m = 0; ours && m < s->length; m++)
      ours = text_equal (p->members[m], s->path.members[m]);
    if (ours)
      return true;
  }
  return false;
}

static void
add_place (Search *s, const DmnDecision *d, const DmnColumn *column, unsigned line, unsigned at)
{
  PolicyPlace place = { d, column, line, at };
  g_array_append_val (s->places, place);
}

/* The first cell of TABLE's rules that reads it. */
static bool
search_rules (Search *s, const DmnDecision *d, const DmnTable *table)
{
  for (size_t r = 0; r < table->n_rules; r++) {
    const DmnRule *rule = &table->rules[r];
    for (size_t i = 0; i < table->n_inputs + table->n_outputs; i++) {
      const DmnCell *cell = i < table->n_inputs ? &rule->tests[i] : &rule->outputs[i - table->n_inputs];
      if (!reads (s, d, cell->expression))
        continue;
      add_place (s, d, NULL, cell->line, cell->column);
      return true;
    }
  }
  return false;
}

static void
search_table (Search *s, const DmnDecision *d, const DmnTable *table)
{
  bool found = false;
  for (size_t i = 0; i < table->n_inputs; i++)
    if (reads (s, d, table->inputs[i].expression)) {
      add_place (s, d, &table->inputs[i], table->inputs[i].line, table->inputs[i].column);
      found = true;
    }
  if (!found)
    search_rules (s, d, table);
}

static void
search_decision (Search *s, const DmnDecision *d)
{
  if (g_ptr_array_find (s->seen, d, NULL))
    return;
  g_ptr_array_add (s->seen, (gpointer)d);
  const DmnExpression *logic = d->logic;
  if (logic && logic->kind == DMN_FUNCTION && logic->n_parts)
    logic = logic->parts[0];
  if (d->table)
    search_table (s, d, d->table);
  else if (logic && logic->kind == DMN_LITERAL && reads (s, d, logic->cell.expression))
    add_place (s, d, NULL, logic->cell.line, logic->cell.column);
  for (size_t i = 0; i < d->n_requires; i++)
    search_decision (s, d->requires_[i]);
}

/* Where the fact itself is read; where only what it is in is (a list that one decision hands to
 * another), there. */
static void
find_places (Arena *arena, PolicyBarrier *barrier)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (PolicyPlace));
  Search s = { arena, barrier->root, barrier->path, 0, seen, places };
  for (s.length = s.path.n; s.length && !places->len; s.length--) {
    g_ptr_array_set_size (seen, 0);
    search_decision (&s, barrier->decision);
  }
  barrier->n_places = places->len;
  barrier->places = arena_copy (arena, places->data, places->len * sizeof (PolicyPlace));
}

/* ---- what turns on them ------------------------------------------------------ */

typedef struct {
  const PolicyPackage *package;
  Arena *arena;
  GArray *barriers; /* PolicyBarrier */
} Listing;

/* The marked attribute that PATH, from ROOT on, ends in or leads to a part of; LENGTH: up to there. */
static const RegistryAttribute *
marked_on (Arena *arena, const RegistryEntity *root, const FeelPath *path, size_t *length)
{
  const RegistryEntity *entity = root;
  for (size_t i = 0; i < path->n && entity; i++) {
    const RegistryAttribute *a = registry_entity_attribute (entity, arena_text (arena, path->members[i]));
    *length = i + 1;
    if (a && a->barrier)
      return a;
    entity = a ? a->target : NULL;
  }
  return NULL;
}

static bool
is_listed (const Listing *l, guint from, const PolicyBarrier *barrier)
{
  for (guint i = from; i < l->barriers->len; i++) {
    const FeelPath *path = &g_array_index (l->barriers, PolicyBarrier, i).path;
    size_t same = path->n == barrier->path.n ? 0 : path->n + 1;
    while (same < path->n && text_equal (path->members[same], barrier->path.members[same]))
      same++;
    if (same == path->n)
      return true;
  }
  return false;
}

/* What DECISION about ROOT turns on, like what KIND says else. */
static void
list_decision (Listing *l, PolicyBarrier kind, const RegistryEntity *root, const DmnDecision *decision)
{
  guint first = l->barriers->len;
  size_t n = 0;
  const FeelPath *paths
      = decision && root ? policy_decision_paths (l->package, l->arena, root, decision, &n) : NULL;
  kind.root = root;
  kind.decision = decision;
  for (size_t i = 0; i < n; i++) {
    PolicyBarrier barrier = kind;
    barrier.path = paths[i];
    barrier.attribute = marked_on (l->arena, root, &paths[i], &barrier.path.n);
    if (!barrier.attribute || is_listed (l, first, &barrier))
      continue;
    find_places (l->arena, &barrier);
    g_array_append_val (l->barriers, barrier);
  }
}

static void
list_allocation (Listing *l, const PolicyAllocation *a)
{
  const RegistryEntity *const both[] = { a->applicant, a->place };
  const PolicyBarrier refuses = { .effect = POLICY_REFUSES, .allocation = a },
                      ranks = { .effect = POLICY_RANKS, .allocation = a };
  for (size_t k = 0; k < G_N_ELEMENTS (both); k++) {
    list_decision (l, refuses, both[k], a->eligible);
    for (size_t i = 0; i < a->n_priorities; i++)
      list_decision (l, ranks, both[k], a->priorities[i].decision);
    for (size_t i = 0; i < a->n_reserves; i++)
      list_decision (l, ranks, both[k], a->reserves[i].members);
  }
}

const PolicyBarrier *
policy_clause_barriers (const PolicyPackage *package, Arena *arena, const PolicyClause *clause, size_t *n)
{
  g_autoptr (GArray) barriers = g_array_new (FALSE, FALSE, sizeof (PolicyBarrier));
  Listing l = { package, arena, barriers };
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    if (p->audience != POLICY_FOR_SUBJECT)
      continue; /* nobody is refused by what the county counts by */
    list_decision (&l, (PolicyBarrier){ .effect = POLICY_REFUSES, .provision = p }, p->subject, p->eligible);
    list_decision (&l, (PolicyBarrier){ .effect = POLICY_LIMITS, .provision = p }, p->subject, p->amount);
  }
  for (size_t i = 0; i < clause->n_allocations; i++)
    list_allocation (&l, &clause->allocations[i]);
  *n = barriers->len;
  return arena_copy (arena, barriers->data, barriers->len * sizeof (PolicyBarrier));
}

/* ---- as notes ------------------------------------------------------------------ */

/* All that turns on one fact at one place. */
typedef struct {
  const PolicyPlace *place;
  const PolicyBarrier *barrier;          /* the first */
  GPtrArray *outcomes[POLICY_RANKS + 1]; /* "clause 2 公共就业服务" by effect, each once */
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;
  for (size_t i = 0; i < G_N_ELEMENTS (note->outcomes); i++)
    g_ptr_array_unref (note->outcomes[i]);
  g_free (note);
}

static Note *
note_at (GPtrArray *notes, const PolicyBarrier *barrier, const PolicyPlace *place)
{
  for (guint i = 0; i < notes->len; i++) {
    Note *note = notes->pdata[i];
    if (note->place->decision == place->decision && note->place->line == place->line
        && note->place->at == place->at && note->barrier->attribute == barrier->attribute)
      return note;
  }
  Note *note = g_new0 (Note, 1);
  note->place = place;
  note->barrier = barrier;
  for (size_t i = 0; i < G_N_ELEMENTS (note->outcomes); i++)
    note->outcomes[i] = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (notes, note);
  return note;
}

static void
note_barrier (GPtrArray *notes, const PolicyBarrier *b)
{
  int clause = b->provision ? b->provision->clause->number : b->allocation->clause->number;
  const char *what = b->provision ? b->provision->outcome.zh : b->allocation->name.zh;
  for (size_t i = 0; i < b->n_places; i++) {
    GPtrArray *outcomes = note_at (notes, b, &b->places[i])->outcomes[b->effect];
    char *outcome = g_strdup_printf ("%d %s", clause, what);
    if (g_ptr_array_find_with_equal_func (outcomes, outcome, g_str_equal, NULL))
      g_free (outcome);
    else
      g_ptr_array_add (outcomes, outcome);
  }
}

static void
tell_note (Arena *arena, const Note *note, DmnFaults *faults)
{
  static const char *const does[]
      = { "can refuse", "can change the amount of", "can decide who comes first in" };
  const PolicyBarrier *b = note->barrier;
  const DmnDecision *d = note->place->decision;
  g_autoptr (GString) text = g_string_new (NULL);
  for (size_t e = 0; e < G_N_ELEMENTS (does); e++)
    for (guint i = 0; i < note->outcomes[e]->len; i++)
      g_string_append_printf (
          text, "%s%s",
          i           ? "、"
          : text->len ? "; it "
                      : "",
          i ? (char *)note->outcomes[e]->pdata[i]
            : arena_printf (arena, "%s %s", does[e], (char *)note->outcomes[e]->pdata[i]));
  dmn_faults_add (faults, DMN_NOTE, "barrier", d->unit->origin, note->place->line, note->place->at,
                  "%.*s turns on %s (%s): it %s", (int)d->name.len, d->name.bytes,
                  policy_path_text (arena, b->root, &b->path),
                  registry_barrier_id (b->attribute->barrier->kind), text->str);
}

void
barriers_check (const PolicyPackage *package, DmnFaults *faults)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (note_free);
  for (guint c = 0; c < package->pages->len; c++) {
    size_t n;
    const PolicyBarrier *barriers = policy_clause_barriers (package, arena, package->pages->pdata[c], &n);
    for (size_t i = 0; i < n; i++)
      note_barrier (notes, &barriers[i]);
  }
  for (guint i = 0; i < notes->len; i++)
    tell_note (arena, notes->pdata[i], faults);
}
