/* A result in words and JSON, for people and programs (docs/api/openapi.yaml, AllocationRun). */
#include "allocation/matched.h"
#include "allocation/transcript_private.h"

typedef struct {
  const AllocationSpec *spec;
  const AllocationProblem *problem;
  const AllocationResult *result;
  const AllocationSiblings *siblings;
  Arena *arena;
  JsonWriter *w;
  Matched **matched; /* per run of slots: its holders' choice made again; NULL unless ALLOCATION_MATCHED */
  guint8 *seated;    /* per application: has a seat of a trait in matched slots */
} Report;

static void
hash_member (JsonWriter *w, const char *key, const LotteryHash *hash)
{
  char hex[LOTTERY_HEX];
  json_member_str (w, key, lottery_hex (hash, hex));
}

/* The problem's key K: in front of the spec's own may be the tier of where a sibling is. */
static const AllocationSpecKey *
key_of (const Report *r, size_t k)
{
  static const AllocationSpecKey sibling = { .name = "sibling", .of_choice = true };
  size_t added = r->problem->n_keys - r->spec->n_keys;
  return k < added ? &sibling : &r->spec->keys[k - added];
}

static const char *
value_of (const Report *r, size_t k, guint32 i, guint32 c)
{
  const AllocationKey *key = &r->problem->keys[k];
  return allocation_value_text (r->arena, key_of (r, k),
                                key->of_choice ? key->of_choice[c] : key->of_applicant[i]);
}

static void
write_last (const Report *r, guint32 unit, guint32 last)
{
  json_member_object (r->w, "last");
  json_member_str (r->w, "applicant", r->spec->ids[last]);
  json_member_object (r->w, "keys");
  for (size_t k = 0; k < r->problem->n_keys; k++)
    json_member_str (r->w, key_of (r, k)->name,
                     value_of (r, k, last, allocation_choice_of (r->problem, last, unit)));
  json_end_object (r->w);
  json_end_object (r->w);
}

static void
write_unit (const Report *r, guint32 u)
{
  const AllocationUnit *unit = &r->problem->units[u];
  json_begin_object (r->w);
  json_member_str (r->w, "unit", unit->id);
  json_member_array (r->w, "slots");
  for (guint32 s = unit->first; s < unit->first + unit->n_slots; s++) {
    const AllocationSlots *slots = &r->problem->slots[s];
    json_begin_object (r->w);
    json_member_str (r->w, "name", slots->name);
    json_member_str (r->w, "kind", allocation_slot_kind_names[slots->kind]);
    json_member_int (r->w, "n", slots->n);
    json_member_int (r->w, "filled", r->result->filled[s]);
    transcript_seats (r->w, r->spec, slots);
    if (r->result->last[s] != ALLOCATION_NOWHERE)
      write_last (r, u, r->result->last[s]);
    json_end_object (r->w);
  }
  json_end_array (r->w);
  if (r->problem->n_regions)
    json_member_str (r->w, "region",
                     unit->region == ALLOCATION_NOWHERE ? NULL : r->spec->regions[unit->region].name);
  json_member_array (r->w, "waiting");
  for (guint32 w = r->result->waiting_starts[u]; w < r->result->waiting_starts[u + 1]; w++)
    json_str (r->w, r->spec->ids[r->result->waiting[w]]);
  json_end_array (r->w);
  json_end_object (r->w);
}

/* ---- why not ----------------------------------------------------------- */

static bool
is_member (const Report *r, const AllocationSlots *slots, guint32 i)
{
  if (slots->kind == ALLOCATION_MATCHED)
    return matched_mask (slots, r->problem->traits[i]);
  return slots->kind == ALLOCATION_OPEN || r->problem->traits[i] >> slots->trait & 1;
}

/* Whether the run S is not for I at all, and otherwise who holds a slot of it that they would have to pass:
 * *LAST, or nobody. */
static bool
is_shut (const Report *r, guint32 i, guint32 s, guint32 *last)
{
  const AllocationSlots *slots = &r->problem->slots[s];
  *last = r->result->last[s];
  if (r->matched[s]) {
    const MatchedClaim *way = matched_in_the_way (r->matched[s], matched_mask (slots, r->problem->traits[i]));
    *last = way ? way->applicant : ALLOCATION_NOWHERE;
    return !way;
  }
  return !is_member (r, slots, i)
         && (slots->kind == ALLOCATION_HARD || (*last != ALLOCATION_NOWHERE && is_member (r, slots, *last)));
}

/* The region whose cap, and not the places of the run S of UNIT, kept somebody out; or NULL. */
static const char *
cap_of (const Report *r, guint32 unit, guint32 s)
{
  guint32 region = r->problem->n_regions ? r->problem->units[unit].region : ALLOCATION_NOWHERE;
  return region != ALLOCATION_NOWHERE && r->result->filled[s] < r->problem->slots[s].n
             ? r->problem->regions[region].name
             : NULL;
}

/* Why I, asking by their choice C, holds no slot of the run S: what decided, their value and that of the last
 * who holds one. */
static void
write_refusal (const Report *r, guint32 i, guint32 c, guint32 s)
{
  const AllocationSlots *slots = &r->problem->slots[s];
  guint32 unit = r->problem->choices[c], last;
  size_t decides = r->problem->n_keys;
  const char *cap = cap_of (r, unit, s);
  json_begin_object (r->w);
  json_member_str (r->w, "slots", slots->name);
  if (cap)
    json_member_str (r->w, "cap", cap);
  if (cap && r->result->last[s] == ALLOCATION_NOWHERE)
    json_member_str (r->w, "decides", "cap");
  else if (is_shut (r, i, s, &last))
    json_member_str (r->w, "decides", r->matched[s] ? slots->name : r->spec->traits[slots->trait]);
  else {
    guint32 of_last = last == ALLOCATION_NOWHERE ? 0 : allocation_choice_of (r->problem, last, unit);
    if (last != ALLOCATION_NOWHERE
        && (cap || r->result->filled[s] >= slots->n)) /* else the limit rose over equal claims */
      allocation_compare (r->problem, i, c, last, of_last, &decides);
    bool key = decides < r->problem->n_keys;
    json_member_str (r->w, "decides",
                     key                   ? key_of (r, decides)->name
                     : r->problem->tickets ? "ticket"
                                           : "equal claims");
    if (key) {
      json_member_str (r->w, "own", value_of (r, decides, i, c));
      json_member_str (r->w, "last", value_of (r, decides, last, of_last));
    }
  }
  json_end_object (r->w);
}

static void
write_refused (const Report *r, guint32 i)
{
  const AllocationProblem *p = r->problem;
  json_member_array (r->w, "refused");
  for (guint32 c = p->starts[i]; c < p->starts[i + 1] && p->choices[c] != r->result->unit_of[i]; c++) {
    const AllocationUnit *unit = &p->units[p->choices[c]];
    json_begin_object (r->w);
    json_member_str (r->w, "unit", unit->id);
    json_member_array (r->w, "by");
    for (guint32 s = unit->first; s < unit->first + unit->n_slots; s++)
      write_refusal (r, i, c, s);
    json_end_array (r->w);
    json_end_object (r->w);
  }
  json_end_array (r->w);
}

/* Of which slots I has a place; who is no member and filled what members left has an open one. */
static const char *
slots_name (const Report *r, guint32 i)
{
  guint32 unit = r->result->unit_of[i];
  if (unit == ALLOCATION_NOWHERE)
    return NULL;
  const AllocationSlots *slots = &r->problem->slots[r->problem->units[unit].first + r->result->slots_of[i]];
  bool reserved = slots->kind == ALLOCATION_MATCHED ? r->seated[i] : is_member (r, slots, i);
  return reserved ? slots->name : "open";
}

static void
write_applications (const Report *r, const guint32 *lots, bool explain)
{
  json_member_array (r->w, "applications");
  for (guint32 i = 0; i < r->spec->n; i++) {
    guint32 unit = r->result->unit_of[i];
    json_begin_object (r->w);
    json_member_str (r->w, "applicant", r->spec->ids[i]);
    if (lots)
      json_member_int (r->w, "lot", (gint64)lots[i] + 1);
    json_member_str (r->w, "unit", unit == ALLOCATION_NOWHERE ? NULL : r->spec->units[unit].id);
    json_member_str (r->w, "slots", slots_name (r, i));
    if (explain)
      write_refused (r, i);
    json_end_object (r->w);
  }
  json_end_array (r->w);
}

/* ---- matched runs: who sits where, made again from the holders ---------- */

static gint
by_claim (gconstpointer a, gconstpointer b, gpointer data)
{
  const Report *r = data;
  guint32 i = *(const guint32 *)a, j = *(const guint32 *)b, unit = r->result->unit_of[i];
  return allocation_compare (r->problem, i, allocation_choice_of (r->problem, i, unit), j,
                             allocation_choice_of (r->problem, j, unit), NULL);
}

static void
match_again (Report *r, guint32 run, GArray *holders)
{
  const AllocationSlots *slots = &r->problem->slots[run];
  g_array_sort_with_data (holders, by_claim, r);
  r->matched[run] = matched_new (slots);
  for (guint at = 0; at < holders->len; at++) {
    guint32 i = g_array_index (holders, guint32, at);
    matched_ask (r->matched[run], at, matched_mask (slots, r->problem->traits[i]), i);
  }
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MatchedClaim));
  guint32 seated = matched_holders (r->matched[run], all);
  for (guint32 at = 0; at < seated; at++)
    r->seated[g_array_index (all, MatchedClaim, at).applicant] = true;
}

static void
open_report (Report *r)
{
  const AllocationProblem *p = r->problem;
  r->matched = g_new0 (Matched *, MAX (p->n_slots, 1));
  r->seated = g_new0 (guint8, MAX (p->n, 1));
  g_autoptr (GPtrArray) holders = g_ptr_array_new_full ((guint)p->n_slots, (GDestroyNotify)g_array_unref);
  for (size_t s = 0; s < p->n_slots; s++)
    g_ptr_array_add (holders, g_array_new (FALSE, FALSE, sizeof (guint32)));
  for (guint32 i = 0; i < p->n; i++)
    if (r->result->unit_of[i] != ALLOCATION_NOWHERE) {
      guint32 s = p->units[r->result->unit_of[i]].first + r->result->slots_of[i];
      if (p->slots[s].kind == ALLOCATION_MATCHED)
        g_array_append_val ((GArray *)holders->pdata[s], i);
    }
  for (guint32 s = 0; s < p->n_slots; s++)
    if (p->slots[s].kind == ALLOCATION_MATCHED)
      match_again (r, s, holders->pdata[s]);
}

static void
close_report (Report *r)
{
  for (size_t s = 0; r->matched && s < r->problem->n_slots; s++)
    matched_free (r->matched[s]);
  g_free (r->matched);
  g_free (r->seated);
}

/* Per application: how many tickets come before its own. */
static guint32 *
lots_of (const AllocationSpec *spec, const guint8 (*tickets)[LOTTERY_BYTES])
{
  if (!tickets)
    return NULL;
  g_autofree guint32 *order = g_new (guint32, MAX (spec->n, 1));
  guint32 *lots = g_new (guint32, MAX (spec->n, 1));
  lottery_order (tickets, spec->ids, spec->n, order);
  for (size_t at = 0; at < spec->n; at++)
    lots[order[at]] = (guint32)at;
  return lots;
}

static void
write_papers (JsonWriter *w, const AllocationSpec *spec)
{
  LotteryHash hash;
  hash_member (w, "list", &spec->announcement.list);
  hash_member (w, "problem", &spec->announcement.rules);
  if (!spec->has_lottery)
    return;
  hash_member (w, "commitment", &spec->announcement.commitment);
  if (lottery_announce (&spec->announcement, &hash, NULL))
    hash_member (w, "announcement", &hash);
  if (spec->is_drawn && lottery_seed (&spec->announcement, &spec->reveal, &hash, NULL))
    hash_member (w, "seed", &hash);
}

static void
write_together (JsonWriter *w, const char *key, const AllocationTogether *together)
{
  json_member_object (w, key);
  json_member_int (w, "siblings", together->siblings);
  json_member_int (w, "families", together->families);
  json_end_object (w);
}

/* What bringing siblings together came to. */
static void
write_siblings (JsonWriter *w, const AllocationSiblings *s)
{
  json_member_object (w, "siblings");
  json_member_int (w, "families", s->n_families);
  json_member_int (w, "passes", s->passes);
  json_key (w, "kept");
  if (s->kept == ALLOCATION_NOWHERE)
    json_null (w);
  else
    json_int (w, s->kept);
  write_together (w, "before", &s->before);
  write_together (w, "after", &s->after);
  json_end_object (w);
}

void
allocation_write (JsonWriter *w, const AllocationSpec *spec, const AllocationProblem *problem,
                  const AllocationResult *result, const AllocationSiblings *siblings, bool explain)
{
  g_autoptr (Arena) arena = arena_new ();
  Report r = { .spec = spec, .problem = problem, .result = result, .arena = arena, .w = w };
  json_begin_object (w);
  json_member_str (w, "pool", spec->pool);
  json_member_str (w, "state", result ? "drawn" : "closed");
  json_member_str (w, "mechanism", allocation_mechanism_id (spec->mechanism));
  json_member_str (w, "ties", allocation_tie_names[spec->ties]);
  write_papers (w, spec);
  if (siblings)
    write_siblings (w, siblings);
  if (result) {
    open_report (&r);
    g_autofree guint32 *lots = lots_of (spec, problem->tickets);
    json_member_array (w, "units");
    for (guint32 u = 0; u < spec->n_units; u++)
      write_unit (&r, u);
    json_end_array (w);
    write_applications (&r, lots, explain);
    close_report (&r);
  }
  json_end_object (w);
}

bool
allocation_write_csv (SheetWriter *out, const AllocationSpec *spec, const AllocationProblem *problem,
                      const AllocationResult *result, GError **error)
{
  static const char *const titles[] = { "applicant", "lot", "unit", "slots" };
  Report r = { .spec = spec, .problem = problem, .result = result };
  g_autofree guint32 *lots = lots_of (spec, problem->tickets);
  bool ok = true;
  open_report (&r);
  sheet_writer_heading (out, titles, NULL, G_N_ELEMENTS (titles));
  for (guint32 i = 0; i < spec->n && ok; i++) {
    g_autofree char *lot = lots ? g_strdup_printf ("%u", lots[i] + 1) : NULL;
    guint32 unit = result->unit_of[i];
    const char *cells[]
        = { spec->ids[i], lot, unit == ALLOCATION_NOWHERE ? NULL : spec->units[unit].id, slots_name (&r, i) };
    ok = sheet_writer_row (out, cells, G_N_ELEMENTS (cells), error);
  }
  close_report (&r);
  return ok && sheet_writer_finish (out, error);
}
