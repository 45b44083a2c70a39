/* Reading a transcript: what it says, line by line.  Whether it is true is verify.c's. */
#include "allocation/transcript_private.h"

enum { SLOTS_MAX = 1000 };

typedef struct {
  Arena *arena, *line_arena;
  const char *origin;
  guint row;
  bool siblings; /* are brought together */
  AllocationTranscript *transcript;
  AllocationSpec *spec;
  GHashTable *unit_of, *trait_of, *region_of, *applicant_of; /* id to index + 1 */
  GArray *regions, *units, *slots, *starts, *choices, *traits_of, *family_of, **values, *order, *chosen_by;
  GPtrArray *ids;
  guint32 *placed_unit, *placed_slots;
  guint8 (*tickets)[LOTTERY_BYTES];
  enum { RULES, APPLICATIONS, CLOSED, DRAWN, PLACED, RESULT, ENDED } state;
  GError **error;
} Reader;

static bool fail (Reader *r, const char *format, ...) G_GNUC_PRINTF (2, 3);

static bool
fail (Reader *r, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (r->error, FAULT, FAULT_INPUT, "%s: row %u: %s", r->origin, r->row, message);
  return false;
}

/* ---- values ------------------------------------------------------------ */

static bool
read_text (Reader *r, const JsonValue *object, const char *key, bool required, const char **text)
{
  const JsonValue *value = json_get (object, key);
  *text = NULL;
  if (value && value->kind == JSON_STRING)
    *text = arena_text (r->arena, value->text);
  if (*text || (!required && (!value || value->kind == JSON_NULL)))
    return true;
  return fail (r, "\"%s\" is missing, or no text", key);
}

static bool
read_integer (Reader *r, const JsonValue *value, const char *key, gint64 least, gint64 most, gint64 *number)
{
  char *end = NULL;
  if (value && value->kind == JSON_NUMBER && value->text.len < 20) {
    g_autofree char *digits = g_strndup (value->text.bytes, value->text.len);
    *number = g_ascii_strtoll (digits, &end, 10);
    if (*end == '\0' && *number >= least && *number <= most)
      return true;
  }
  return fail (r, "\"%s\" is missing, or no whole number that can be there", key);
}

static bool
read_count (Reader *r, const JsonValue *object, const char *key, guint32 *number)
{
  gint64 value = 0;
  if (!read_integer (r, json_get (object, key), key, 0, G_MAXINT32, &value))
    return false;
  *number = (guint32)value;
  return true;
}

static bool
read_hash (Reader *r, const JsonValue *object, const char *key, LotteryHash *hash)
{
  const JsonValue *value = json_get (object, key);
  return (value && value->kind == JSON_STRING && lottery_from_hex (value->text, hash))
         || fail (r, "\"%s\" is missing, or not 64 hexadecimal digits", key);
}

static bool
read_source (Reader *r, const JsonValue *object, const char *name_key, const char *day_key, bool required,
             LotterySource *source)
{
  const char *day;
  if (!read_text (r, object, name_key, required, &source->name)
      || !read_text (r, object, day_key, source->name != NULL, &day))
    return false;
  return !source->name || civil_parse (text_of (day), &source->day) || fail (r, "\"%s\" is no date", day_key);
}

static const JsonValue *
read_list (Reader *r, const JsonValue *object, const char *key)
{
  const JsonValue *value = json_get (object, key);
  if (value && value->kind == JSON_ARRAY)
    return value;
  fail (r, "\"%s\" is missing, or no list", key);
  return NULL;
}

static bool
read_word (Reader *r, const JsonValue *object, const char *key, const char *const *names, int *word)
{
  const char *text;
  if (!read_text (r, object, key, true, &text))
    return false;
  for (*word = 0; names[*word]; (*word)++)
    if (g_str_equal (text, names[*word]))
      return true;
  return fail (r, "%s: \"%s\" is unknown", key, text);
}

static gint64
index_of (GHashTable *table, const JsonValue *id)
{
  const char *text = json_string (id);
  return text ? (gint64)GPOINTER_TO_SIZE (g_hash_table_lookup (table, text)) - 1 : -1;
}

/* A new id of TABLE. */
static bool
read_new_id (Reader *r, const JsonValue *object, const char *key, GHashTable *table, size_t index,
             const char **id)
{
  if (!read_text (r, object, key, true, id))
    return false;
  return g_hash_table_insert (table, (gpointer)*id, GSIZE_TO_POINTER (index + 1))
         || fail (r, "the %s %s is there twice", key, *id);
}

/* ---- rules ------------------------------------------------------------- */

static bool
read_keys (Reader *r, const JsonValue *list)
{
  static const char *const owners[] = { "applicant", "choice", NULL };
  static const char *const orders[] = { "descending", "ascending", NULL };
  AllocationSpecKey *keys = arena_new0 (r->arena, AllocationSpecKey, list->n);
  r->values = g_new0 (GArray *, list->n + 1);
  for (size_t k = 0; k < list->n; k++) {
    int of, order;
    guint32 decimals;
    if (!read_text (r, list->elements[k], "name", true, &keys[k].name)
        || !read_word (r, list->elements[k], "of", owners, &of)
        || !read_word (r, list->elements[k], "order", orders, &order)
        || !read_count (r, list->elements[k], "decimals", &decimals))
      return false;
    if (decimals > ALLOCATION_DECIMALS_MAX)
      return fail (r, "decimals: at most %d", ALLOCATION_DECIMALS_MAX);
    keys[k].of_choice = of == 1;
    keys[k].ascending = order == 1;
    keys[k].decimals = decimals;
    r->values[k] = g_array_new (FALSE, FALSE, sizeof (gint64));
  }
  r->spec->n_keys = list->n;
  r->spec->keys = keys;
  return true;
}

static bool
read_traits (Reader *r, const JsonValue *list)
{
  if (list->n > ALLOCATION_TRAITS_MAX)
    return fail (r, "there are %zu traits: at most %d", list->n, ALLOCATION_TRAITS_MAX);
  const char **traits = arena_new0 (r->arena, const char *, list->n);
  for (size_t t = 0; t < list->n; t++) {
    if (list->elements[t]->kind != JSON_STRING)
      return fail (r, "a trait is no text");
    traits[t] = arena_text (r->arena, list->elements[t]->text);
    if (!g_hash_table_insert (r->trait_of, (gpointer)traits[t], GSIZE_TO_POINTER (t + 1)))
      return fail (r, "the trait %s is there twice", traits[t]);
  }
  r->spec->n_traits = list->n;
  r->spec->traits = traits;
  return true;
}

static bool
take_rules (Reader *r, const JsonValue *line)
{
  const char *form;
  const char *mechanisms[ALLOCATION_MECHANISMS + 1] = { NULL };
  int mechanism, ties;
  for (int i = 0; i < ALLOCATION_MECHANISMS; i++)
    mechanisms[i] = allocation_mechanism_id ((AllocationMechanism)i);
  if (!read_text (r, line, "transcript", true, &form))
    return false;
  if (!g_str_equal (form, "liudong allocation 1"))
    return fail (r, "\"%s\" is a form that this program does not know", form);
  if (!read_text (r, line, "pool", true, &r->spec->pool)
      || !read_word (r, line, "mechanism", mechanisms, &mechanism)
      || !read_word (r, line, "ties", allocation_tie_names, &ties))
    return false;
  r->spec->mechanism = (AllocationMechanism)mechanism;
  r->spec->ties = (AllocationTies)ties;
  static const char *const siblings[] = { "together", NULL };
  int together;
  r->siblings = json_get (line, "siblings") != NULL;
  if (r->siblings && !read_word (r, line, "siblings", siblings, &together))
    return false;
  const JsonValue *keys = read_list (r, line, "keys"), *traits = keys ? read_list (r, line, "traits") : NULL;
  r->state = APPLICATIONS;
  return traits && read_keys (r, keys) && read_traits (r, traits);
}

static bool
take_trait (Reader *r, const JsonValue *value, guint8 *trait)
{
  gint64 index = index_of (r->trait_of, json_get (value, "trait"));
  *trait = (guint8)index;
  return index >= 0 || fail (r, "a reserve is of none of the traits");
}

static bool
take_seats (Reader *r, const JsonValue *value, AllocationSlots *slots)
{
  const JsonValue *list = read_list (r, value, "seats");
  guint64 sum = 0, seen = 0;
  if (!list)
    return false;
  if (list->n > ALLOCATION_MATCHED_MAX)
    return fail (r, "\"seats\" are of %zu traits: at most %d", list->n, ALLOCATION_MATCHED_MAX);
  AllocationSeats *seats = arena_new0 (r->arena, AllocationSeats, list->n);
  for (size_t i = 0; i < list->n; i++) {
    if (!take_trait (r, list->elements[i], &seats[i].trait)
        || !read_count (r, list->elements[i], "n", &seats[i].n))
      return false;
    if (seen >> seats[i].trait & 1)
      return fail (r, "\"seats\" are twice of one trait");
    seen |= (guint64)1 << seats[i].trait;
    sum += seats[i].n;
  }
  slots->n_seats = (guint8)list->n;
  slots->seats = seats;
  return sum == slots->n || fail (r, "\"seats\" and \"n\" are not the same number");
}

static bool
take_slots (Reader *r, const JsonValue *value)
{
  AllocationSlots slots = { 0 };
  int kind;
  if (!read_word (r, value, "kind", allocation_slot_kind_names, &kind)
      || !read_count (r, value, "n", &slots.n) || !read_text (r, value, "name", true, &slots.name))
    return false;
  slots.kind = (AllocationSlotKind)kind;
  if (slots.kind == ALLOCATION_MATCHED && !take_seats (r, value, &slots))
    return false;
  if ((slots.kind == ALLOCATION_MINIMUM || slots.kind == ALLOCATION_HARD)
      && !take_trait (r, value, &slots.trait))
    return false;
  g_array_append_val (r->slots, slots);
  return true;
}

static bool
take_region (Reader *r, const JsonValue *line)
{
  AllocationRegion region = { 0 };
  if (r->units->len)
    return fail (r, "a region stands behind units");
  if (!read_new_id (r, line, "region", r->region_of, r->regions->len, &region.name)
      || !read_count (r, line, "cap", &region.cap))
    return false;
  g_array_append_val (r->regions, region);
  return true;
}

static bool
take_unit_region (Reader *r, const JsonValue *line, AllocationUnit *unit)
{
  const JsonValue *region = json_get (line, "region");
  gint64 index = index_of (r->region_of, region);
  if (!region)
    return fail (r, "\"region\" is missing");
  if (region->kind != JSON_NULL && index < 0)
    return fail (r, "the unit %s is in a region that is not there", unit->id);
  unit->region = index < 0 ? ALLOCATION_NOWHERE : (guint32)index;
  return read_count (r, line, "target", &unit->target);
}

static bool
take_unit (Reader *r, const JsonValue *line)
{
  AllocationUnit unit = { .first = r->slots->len };
  const JsonValue *slots = read_list (r, line, "slots");
  if (!slots || !read_new_id (r, line, "unit", r->unit_of, r->units->len, &unit.id))
    return false;
  if (slots->n > SLOTS_MAX)
    return fail (r, "the unit %s has more than %d runs of slots", unit.id, SLOTS_MAX);
  for (size_t i = 0; i < slots->n; i++)
    if (!take_slots (r, slots->elements[i]))
      return false;
  unit.n_slots = (guint32)slots->n;
  if (r->regions->len && !take_unit_region (r, line, &unit))
    return false;
  guint32 nobody = 0;
  g_array_append_val (r->units, unit);
  g_array_append_val (r->chosen_by, nobody);
  return true;
}

/* ---- applications ------------------------------------------------------ */

static bool
take_values (Reader *r, const JsonValue *keys, size_t n_choices)
{
  if (keys->n != r->spec->n_keys)
    return fail (r, "there are %zu keys, and must be %zu", keys->n, r->spec->n_keys);
  for (size_t k = 0; k < keys->n; k++) {
    const JsonValue *values = keys->elements[k];
    if (values->kind != JSON_ARRAY || values->n != (r->spec->keys[k].of_choice ? n_choices : 1))
      return fail (r, "the key %s has not the values that it must have", r->spec->keys[k].name);
    for (size_t v = 0; v < values->n; v++) {
      gint64 value;
      if (!read_integer (r, values->elements[v], r->spec->keys[k].name, -G_MAXINT64, G_MAXINT64, &value))
        return false;
      g_array_append_val (r->values[k], value);
    }
  }
  return true;
}

static bool
take_choices (Reader *r, const JsonValue *choices)
{
  for (size_t c = 0; c < choices->n; c++) {
    gint64 unit = index_of (r->unit_of, choices->elements[c]);
    guint32 index = (guint32)unit;
    if (unit < 0)
      return fail (r, "choice %zu is no unit", c + 1);
    guint32 *chosen_by = &g_array_index (r->chosen_by, guint32, unit);
    if (*chosen_by == r->row)
      return fail (r, "choice %zu is there twice", c + 1);
    *chosen_by = r->row;
    g_array_append_val (r->choices, index);
  }
  g_array_append_val (r->starts, r->choices->len);
  return true;
}

static bool
take_family (Reader *r, const JsonValue *line)
{
  const JsonValue *family = json_get (line, "family");
  guint32 number = ALLOCATION_NOWHERE;
  if (!(family && family->kind == JSON_NULL) && !read_count (r, line, "family", &number))
    return false;
  g_array_append_val (r->family_of, number);
  return true;
}

static bool
take_application (Reader *r, const JsonValue *line)
{
  const char *id;
  guint64 traits = 0;
  if (!read_new_id (r, line, "applicant", r->applicant_of, r->ids->len, &id))
    return false;
  if (r->ids->len && strcmp (g_ptr_array_index (r->ids, r->ids->len - 1), id) > 0)
    return fail (r, "the application %s is out of order: they are sorted by their ids' bytes", id);
  const JsonValue *choices = read_list (r, line, "choices"),
                  *names = choices ? read_list (r, line, "traits") : NULL;
  const JsonValue *keys = names ? read_list (r, line, "keys") : NULL;
  if (!keys)
    return false;
  for (size_t t = 0; t < names->n; t++) {
    gint64 trait = index_of (r->trait_of, names->elements[t]);
    if (trait < 0)
      return fail (r, "a trait of %s is none of the traits", id);
    traits |= (guint64)1 << trait;
  }
  if (r->siblings && !take_family (r, line))
    return false;
  g_array_append_val (r->traits_of, traits);
  g_ptr_array_add (r->ids, (gpointer)id);
  return take_choices (r, choices) && take_values (r, keys, choices->n);
}

/* ---- closing, drawing, places ------------------------------------------ */

static const void *
held (Reader *r, const GArray *array, size_t size)
{
  return arena_copy (r->arena, array->data, array->len * size);
}

/* What was collected so far is the spec. */
static void
keep_spec (Reader *r)
{
  AllocationSpec *spec = r->spec;
  spec->n = r->ids->len;
  spec->n_units = r->units->len;
  spec->n_slots = r->slots->len;
  spec->ids = arena_copy (r->arena, r->ids->pdata, spec->n * sizeof (char *));
  spec->n_regions = r->regions->len;
  spec->regions = held (r, r->regions, sizeof (AllocationRegion));
  spec->units = held (r, r->units, sizeof (AllocationUnit));
  spec->slots = held (r, r->slots, sizeof (AllocationSlots));
  spec->starts = held (r, r->starts, sizeof (guint32));
  spec->choices = held (r, r->choices, sizeof (guint32));
  spec->traits_of = held (r, r->traits_of, sizeof (guint64));
  spec->family_of = r->siblings ? held (r, r->family_of, sizeof (guint32)) : NULL;
  const gint64 **values = arena_new0 (r->arena, const gint64 *, spec->n_keys);
  for (size_t k = 0; k < spec->n_keys; k++)
    values[k] = held (r, r->values[k], sizeof (gint64));
  spec->values = values;
  r->placed_unit = arena_new0 (r->arena, guint32, spec->n);
  r->placed_slots = arena_new0 (r->arena, guint32, spec->n);
  r->tickets = arena_alloc (r->arena, MAX (spec->n, 1) * LOTTERY_BYTES);
}

static bool
take_closing (Reader *r, const JsonValue *line)
{
  const JsonValue *closing = json_get (line, "closing");
  LotteryAnnouncement *a = &r->spec->announcement;
  LotteryHash fingerprint;
  keep_spec (r);
  r->transcript->n_problem = r->row - 1;
  r->state = CLOSED;
  a->pool = r->spec->pool;
  r->spec->has_lottery = json_get (closing, "commitment") != NULL;
  return read_hash (r, closing, "list", &a->list) && read_hash (r, closing, "problem", &a->rules)
         && (!r->spec->has_lottery
             || (read_hash (r, closing, "commitment", &a->commitment)
                 && read_source (r, closing, "source", "date", true, &a->source)
                 && read_source (r, closing, "fallback", "from", false, &a->fallback)
                 && read_hash (r, closing, "announcement", &fingerprint)));
}

static bool
take_drawing (Reader *r, const JsonValue *line)
{
  const JsonValue *drawing = json_get (line, "drawing");
  LotteryReveal *reveal = &r->spec->reveal;
  r->state = DRAWN;
  r->spec->is_drawn = true;
  if (!r->spec->has_lottery)
    return fail (r, "there is a drawing, and no lottery was announced");
  return read_hash (r, drawing, "secret", &reveal->secret)
         && read_source (r, drawing, "source", "date", true, &reveal->source)
         && read_text (r, drawing, "value", true, &reveal->value);
}

/* The unit and the run of slots of the application I. */
static bool
take_place (Reader *r, const JsonValue *line, size_t i)
{
  const JsonValue *unit = json_get (line, "unit");
  r->placed_unit[i] = r->placed_slots[i] = ALLOCATION_NOWHERE;
  if (unit && unit->kind == JSON_NULL)
    return true;
  gint64 index = index_of (r->unit_of, unit), slots = 0;
  if (index < 0)
    return fail (r, "%s is placed in a unit that is not there", r->spec->ids[i]);
  gint64 most = (gint64)r->spec->units[index].n_slots - 1;
  if (!read_integer (r, json_get (line, "slots"), "slots", 0, most, &slots))
    return false;
  r->placed_unit[i] = (guint32)index;
  r->placed_slots[i] = (guint32)slots;
  return true;
}

static bool
take_placed (Reader *r, const JsonValue *line)
{
  LotteryHash ticket;
  gint64 i = index_of (r->applicant_of, json_get (line, "placed"));
  guint32 index = (guint32)i;
  if (i < 0)
    return fail (r, "somebody is placed who is not on the list, or twice");
  if (r->spec->is_drawn) {
    if (!read_hash (r, line, "ticket", &ticket))
      return false;
    memcpy (r->tickets[i], ticket.bytes, LOTTERY_BYTES);
  }
  g_hash_table_remove (r->applicant_of, r->spec->ids[i]); /* each once */
  g_array_append_val (r->order, index);
  r->state = PLACED;
  return take_place (r, line, (size_t)i);
}

static bool
take_result (Reader *r, const JsonValue *line)
{
  r->state = RESULT;
  if (r->order->len != r->spec->n)
    return fail (r, "%u of %zu applications are listed with their places", r->order->len, r->spec->n);
  return json_get (line, "result")->kind == JSON_OBJECT || fail (r, "\"result\" is empty");
}

static bool
take_end (Reader *r, const JsonValue *line)
{
  LotteryHash hash;
  r->state = ENDED;
  return read_hash (r, line, "end", &hash);
}

/* ---- lines ------------------------------------------------------------- */

static bool
take_line (Reader *r, Text text)
{
  static const struct {
    const char *key;
    unsigned from; /* the states in which it may come */
    bool (*take) (Reader *r, const JsonValue *line);
  } kinds[] = {
    { "transcript", 1 << RULES, take_rules },
    { "region", 1 << APPLICATIONS, take_region },
    { "unit", 1 << APPLICATIONS, take_unit },
    { "applicant", 1 << APPLICATIONS, take_application },
    { "closing", 1 << APPLICATIONS, take_closing },
    { "drawing", 1 << CLOSED, take_drawing },
    { "placed", 1 << CLOSED | 1 << DRAWN | 1 << PLACED, take_placed },
    { "result", 1 << CLOSED | 1 << DRAWN | 1 << PLACED, take_result },
    { "end", 1 << RESULT, take_end },
  };
  g_autofree char *place = g_strdup_printf ("%s: row %u", r->origin, r->row);
  arena_reset (r->line_arena);
  const JsonValue *line = json_parse (r->line_arena, text, place, r->error);
  if (!line)
    return false;
  const char *first = line->kind == JSON_OBJECT && line->n ? line->members[0].key.bytes : NULL;
  size_t len = first ? line->members[0].key.len : 0;
  for (size_t i = 0; first && i < G_N_ELEMENTS (kinds); i++)
    if (text_equal ((Text){ first, len }, text_of (kinds[i].key)))
      return kinds[i].from >> r->state & 1 ? kinds[i].take (r, line)
                                           : fail (r, "\"%s\" stands where it does not belong", kinds[i].key);
  return fail (r, "this is no line of a transcript");
}

static bool
take_lines (Reader *r, Text text)
{
  while (text.len) {
    ptrdiff_t end = text_find (text, "\n", 0);
    r->row++;
    if (end < 0)
      return fail (r, "the line does not end");
    if (!take_line (r, (Text){ text.bytes, (size_t)end }))
      return false;
    text = (Text){ text.bytes + end + 1, text.len - (size_t)end - 1 };
  }
  return r->state == ENDED || fail (r, "the transcript ends before its last line");
}

static void
open_reader (Reader *r)
{
  guint32 zero = 0;
  GHashTable **tables[] = { &r->unit_of, &r->trait_of, &r->region_of, &r->applicant_of };
  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++)
    *tables[i] = g_hash_table_new (g_str_hash, g_str_equal);
  r->regions = g_array_new (FALSE, TRUE, sizeof (AllocationRegion));
  r->units = g_array_new (FALSE, TRUE, sizeof (AllocationUnit));
  r->slots = g_array_new (FALSE, TRUE, sizeof (AllocationSlots));
  r->traits_of = g_array_new (FALSE, TRUE, sizeof (guint64));
  GArray **numbers[] = { &r->starts, &r->choices, &r->family_of, &r->order, &r->chosen_by };
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i] = g_array_new (FALSE, TRUE, sizeof (guint32));
  g_array_append_val (r->starts, zero);
  r->ids = g_ptr_array_new ();
}

static void
close_reader (Reader *r)
{
  GHashTable *tables[] = { r->unit_of, r->trait_of, r->region_of, r->applicant_of };
  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++)
    g_hash_table_unref (tables[i]);
  GArray *arrays[] = { r->regions, r->units,   r->slots, r->traits_of, r->family_of,
                       r->starts,  r->choices, r->order, r->chosen_by };
  for (size_t i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_array_unref (arrays[i]);
  for (size_t k = 0; r->values && r->values[k]; k++)
    g_array_unref (r->values[k]);
  g_free (r->values);
  g_ptr_array_unref (r->ids);
}

bool
allocation_transcript_read (Arena *arena, Text text, const char *origin, AllocationTranscript *transcript,
                            GError **error)
{
  g_autoptr (Arena) line_arena = arena_new ();
  Reader r = {
    .arena = arena, .line_arena = line_arena, .origin = origin, .transcript = transcript, .error = error
  };
  r.spec = transcript->spec = arena_new0 (arena, AllocationSpec, 1);
  open_reader (&r);
  bool ok = take_lines (&r, text);
  if (ok) {
    transcript->order = held (&r, r.order, sizeof (guint32));
    transcript->outcome
        = (AllocationOutcome){ r.spec->is_drawn ? (const guint8 (*)[LOTTERY_BYTES])r.tickets : NULL,
                               r.placed_unit, r.placed_slots };
  }
  close_reader (&r);
  return ok;
}
