/* Writing a transcript. */
#include "allocation/transcript_private.h"

const char *const allocation_tie_names[] = { "lottery", "reject-all", "admit-all", NULL };
const char *const allocation_slot_kind_names[] = { "open", "minimum", "hard", "matched", NULL };

static void
hash_member (JsonWriter *w, const char *key, const LotteryHash *hash)
{
  char hex[LOTTERY_HEX];
  json_member_str (w, key, lottery_hex (hash, hex));
}

static void
end_line (JsonWriter *w, GString *out)
{
  json_end_object (w);
  json_writer_free (w);
  g_string_append_c (out, '\n');
}

static JsonWriter *
begin_line (GString *out)
{
  JsonWriter *w = json_writer_new (out, 0);
  json_begin_object (w);
  return w;
}

/* ---- rules and applications -------------------------------------------- */

static void
write_rules (const AllocationSpec *spec, GString *out)
{
  JsonWriter *w = begin_line (out);
  json_member_str (w, "transcript", "liudong allocation 1");
  json_member_str (w, "pool", spec->pool);
  json_member_str (w, "mechanism", allocation_mechanism_id (spec->mechanism));
  json_member_str (w, "ties", allocation_tie_names[spec->ties]);
  json_member_array (w, "keys");
  for (size_t k = 0; k < spec->n_keys; k++) {
    json_begin_object (w);
    json_member_str (w, "name", spec->keys[k].name);
    json_member_str (w, "of", spec->keys[k].of_choice ? "choice" : "applicant");
    json_member_str (w, "order", spec->keys[k].ascending ? "ascending" : "descending");
    json_member_int (w, "decimals", spec->keys[k].decimals);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "traits");
  for (size_t t = 0; t < spec->n_traits; t++)
    json_str (w, spec->traits[t]);
  json_end_array (w);
  if (spec->family_of)
    json_member_str (w, "siblings", "together");
  end_line (w, out);
}

void
transcript_seats (JsonWriter *w, const AllocationSpec *spec, const AllocationSlots *slots)
{
  if (slots->kind != ALLOCATION_MATCHED)
    return;
  json_member_array (w, "seats");
  for (guint8 i = 0; i < slots->n_seats; i++) {
    json_begin_object (w);
    json_member_str (w, "trait", spec->traits[slots->seats[i].trait]);
    json_member_int (w, "n", slots->seats[i].n);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_region (const AllocationRegion *region, GString *out)
{
  JsonWriter *w = begin_line (out);
  json_member_str (w, "region", region->name);
  json_member_int (w, "cap", region->cap);
  end_line (w, out);
}

static void
write_unit (const AllocationSpec *spec, const AllocationUnit *unit, GString *out)
{
  JsonWriter *w = begin_line (out);
  json_member_str (w, "unit", unit->id);
  json_member_array (w, "slots");
  for (guint32 s = unit->first; s < unit->first + unit->n_slots; s++) {
    const AllocationSlots *slots = &spec->slots[s];
    json_begin_object (w);
    json_member_str (w, "kind", allocation_slot_kind_names[slots->kind]);
    bool of_one = slots->kind == ALLOCATION_MINIMUM || slots->kind == ALLOCATION_HARD;
    json_member_str (w, "trait", of_one ? spec->traits[slots->trait] : NULL);
    json_member_int (w, "n", slots->n);
    json_member_str (w, "name", slots->name);
    transcript_seats (w, spec, slots);
    json_end_object (w);
  }
  json_end_array (w);
  if (spec->n_regions) {
    json_member_str (w, "region",
                     unit->region == ALLOCATION_NOWHERE ? NULL : spec->regions[unit->region].name);
    json_member_int (w, "target", unit->target);
  }
  end_line (w, out);
}

static void
write_values (JsonWriter *w, const AllocationSpec *spec, size_t i)
{
  json_member_array (w, "keys");
  for (size_t k = 0; k < spec->n_keys; k++) {
    size_t from = spec->keys[k].of_choice ? spec->starts[i] : i;
    size_t to = spec->keys[k].of_choice ? spec->starts[i + 1] : i + 1;
    json_begin_array (w);
    for (size_t v = from; v < to; v++)
      json_int (w, spec->values[k][v]);
    json_end_array (w);
  }
  json_end_array (w);
}

static void
write_application (const AllocationSpec *spec, size_t i, GString *out)
{
  JsonWriter *w = begin_line (out);
  json_member_str (w, "applicant", spec->ids[i]);
  write_values (w, spec, i);
  json_member_array (w, "traits");
  for (size_t t = 0; t < spec->n_traits; t++)
    if (spec->traits_of[i] >> t & 1)
      json_str (w, spec->traits[t]);
  json_end_array (w);
  json_member_array (w, "choices");
  for (guint32 c = spec->starts[i]; c < spec->starts[i + 1]; c++)
    json_str (w, spec->units[spec->choices[c]].id);
  json_end_array (w);
  if (spec->family_of) {
    json_key (w, "family");
    if (spec->family_of[i] == ALLOCATION_NOWHERE)
      json_null (w);
    else
      json_int (w, spec->family_of[i]);
  }
  end_line (w, out);
}

void
allocation_problem_text (const AllocationSpec *spec, GString *out)
{
  write_rules (spec, out);
  for (size_t i = 0; i < spec->n_regions; i++)
    write_region (&spec->regions[i], out);
  for (size_t i = 0; i < spec->n_units; i++)
    write_unit (spec, &spec->units[i], out);
  for (size_t i = 0; i < spec->n; i++)
    write_application (spec, i, out);
}

/* ---- closing and drawing ----------------------------------------------- */

bool
allocation_close (AllocationSpec *spec, GError **error)
{
  g_autoptr (GString) problem = g_string_new (NULL);
  allocation_problem_text (spec, problem);
  spec->announcement.rules = lottery_digest (problem->str, problem->len);
  spec->announcement.pool = spec->pool;
  return lottery_list (spec->ids, spec->n, &spec->announcement.list, error);
}

bool
allocation_draw (const AllocationSpec *spec, Arena *arena, unsigned threads,
                 const guint8 (**tickets)[LOTTERY_BYTES], GError **error)
{
  LotteryHash seed;
  if (!lottery_seed (&spec->announcement, &spec->reveal, &seed, error))
    return false;
  guint8 (*drawn)[LOTTERY_BYTES] = arena_alloc (arena, MAX (spec->n, 1) * LOTTERY_BYTES);
  lottery_tickets (&seed, spec->pool, spec->ids, spec->n, threads, drawn);
  *tickets = (const guint8 (*)[LOTTERY_BYTES])drawn;
  return true;
}

static void
source_members (JsonWriter *w, const LotterySource *source, const char *name_key, const char *day_key)
{
  char day[CIVIL_TEXT_MAX];
  bool named = source->name && *source->name;
  json_member_str (w, name_key, named ? source->name : NULL);
  json_member_str (w, day_key, named ? civil_format (source->day, day) : NULL);
}

bool
transcript_closing (const AllocationSpec *spec, GString *out, GError **error)
{
  LotteryHash fingerprint;
  const LotteryAnnouncement *a = &spec->announcement;
  if (spec->has_lottery && !lottery_announce (a, &fingerprint, error))
    return false;
  JsonWriter *w = begin_line (out);
  json_member_object (w, "closing");
  json_member_int (w, "applicants", (gint64)spec->n);
  hash_member (w, "list", &a->list);
  hash_member (w, "problem", &a->rules);
  if (spec->has_lottery) {
    hash_member (w, "commitment", &a->commitment);
    source_members (w, &a->source, "source", "date");
    source_members (w, &a->fallback, "fallback", "from");
    hash_member (w, "announcement", &fingerprint);
  }
  json_end_object (w);
  end_line (w, out);
  return true;
}

bool
transcript_drawing (const AllocationSpec *spec, GString *out, GError **error)
{
  LotteryHash seed;
  if (!lottery_seed (&spec->announcement, &spec->reveal, &seed, error))
    return false;
  JsonWriter *w = begin_line (out);
  json_member_object (w, "drawing");
  hash_member (w, "secret", &spec->reveal.secret);
  source_members (w, &spec->reveal.source, "source", "date");
  json_member_str (w, "value", spec->reveal.value);
  hash_member (w, "seed", &seed);
  json_end_object (w);
  end_line (w, out);
  return true;
}

/* ---- places ------------------------------------------------------------ */

void
transcript_order (const AllocationSpec *spec, const guint8 (*tickets)[LOTTERY_BYTES], guint32 *order)
{
  if (tickets)
    lottery_order (tickets, spec->ids, spec->n, order);
  else
    for (size_t i = 0; i < spec->n; i++)
      order[i] = (guint32)i;
}

void
transcript_placed (const AllocationSpec *spec, size_t i, const guint8 *ticket,
                   const AllocationOutcome *outcome, GString *out)
{
  guint32 unit = outcome->unit_of[i];
  JsonWriter *w = begin_line (out);
  json_member_str (w, "placed", spec->ids[i]);
  if (ticket) {
    LotteryHash hash;
    memcpy (hash.bytes, ticket, LOTTERY_BYTES);
    hash_member (w, "ticket", &hash);
  }
  json_member_str (w, "unit", unit == ALLOCATION_NOWHERE ? NULL : spec->units[unit].id);
  json_key (w, "slots");
  if (unit == ALLOCATION_NOWHERE)
    json_null (w);
  else
    json_int (w, outcome->slots_of[i]);
  end_line (w, out);
}

void
transcript_result (const AllocationSpec *spec, const AllocationOutcome *outcome, Text placed, GString *out)
{
  gint64 n = 0;
  for (size_t i = 0; i < spec->n; i++)
    n += outcome->unit_of[i] != ALLOCATION_NOWHERE;
  LotteryHash hash = lottery_digest (placed.bytes, placed.len);
  JsonWriter *w = begin_line (out);
  json_member_object (w, "result");
  json_member_int (w, "placed", n);
  json_member_int (w, "left", (gint64)spec->n - n);
  hash_member (w, "hash", &hash);
  json_end_object (w);
  end_line (w, out);
}

void
transcript_end (GString *out)
{
  LotteryHash hash = lottery_digest (out->str, out->len);
  JsonWriter *w = begin_line (out);
  hash_member (w, "end", &hash);
  end_line (w, out);
}

bool
allocation_transcript (const AllocationSpec *spec, const AllocationOutcome *outcome, GString *out,
                       GError **error)
{
  allocation_problem_text (spec, out);
  if (!transcript_closing (spec, out, error) || (spec->is_drawn && !transcript_drawing (spec, out, error)))
    return false;
  g_autofree guint32 *order = g_new (guint32, MAX (spec->n, 1));
  transcript_order (spec, outcome->tickets, order);
  gsize from = out->len;
  for (size_t i = 0; i < spec->n; i++)
    transcript_placed (spec, order[i], outcome->tickets ? outcome->tickets[order[i]] : NULL, outcome, out);
  transcript_result (spec, outcome, (Text){ out->str + from, out->len - from }, out);
  transcript_end (out);
  return true;
}
