/* What an entry says: stated by its owner, or read from the registry under the owner's own permit. */
#include "pairs/pairs_private.h"

#include <string.h>

enum { NUMBER_MOST = 1000000000, MONTH_DAYS = 30 };

/* ---- stated ------------------------------------------------------------------------------ */

static bool
fail (const MarketColumn *column, const char *what, GError **error)
{
  g_set_error (error, FAULT, FAULT_INPUT, "%s: %s", column->id, what);
  return false;
}

static bool
check_concepts (const Pairs *pairs, const PairsValue *value, GError **error)
{
  const Space *space = spaces_find (&pairs->spaces, value->column->space);
  size_t n = 0;
  for (; value->values[n]; n++)
    if (!space || space_concept (space, value->values[n]) == G_MAXUINT32) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: \"%s\" is none of those there are; choose from the list",
                   value->column->id, value->values[n]);
      return false;
    }
  return n <= PAIRS_VALUES_MAX || fail (value->column, "at most 30", error);
}

bool
value_check (const Pairs *pairs, const PairsValue *value, GError **error)
{
  const char *only = value->values[0];
  Day day;
  gint64 number;
  if (value->column->kind == MARKET_CONCEPTS)
    return check_concepts (pairs, value, error);
  if (!only)
    return true;
  if (value->values[1])
    return fail (value->column, "one value, not several", error);
  switch (value->column->kind) {
  case MARKET_NUMBER:
    return g_ascii_string_to_signed (only, 10, 0, NUMBER_MOST, &number, NULL)
           || fail (value->column, "no whole number from 0 to 1000000000", error);
  case MARKET_TRUTH:
    return g_str_equal (only, "true") || g_str_equal (only, "false")
           || fail (value->column, "true or false", error);
  case MARKET_DAY:
    return civil_parse (text_of (only), &day) || fail (value->column, "no date; write 2026-01-31", error);
  default: return text_check (value->column->id, only, false, PAIRS_TITLE_MAX, false, error);
  }
}

const char *const *
value_codes (const Pairs *pairs, Arena *arena, const PairsValue *value)
{
  const Space *space = value->column->space ? spaces_find (&pairs->spaces, value->column->space) : NULL;
  const char **codes = arena_new0 (arena, const char *, g_strv_length ((char **)(gsize)value->values) + 1);
  for (size_t i = 0; value->values[i]; i++)
    codes[i] = space ? space->concepts[space_concept (space, value->values[i])].code : value->values[i];
  return codes;
}

gint64
value_number (const PairsValue *value)
{
  Day day;
  if (!value->is_known)
    return MARKET_UNKNOWN;
  if (!value->values[0])
    return MARKET_NONE;
  if (value->column->kind == MARKET_DAY)
    return civil_parse (text_of (value->values[0]), &day) ? day : MARKET_UNKNOWN;
  if (value->column->kind == MARKET_TRUTH)
    return g_str_equal (value->values[0], "true");
  return g_ascii_strtoll (value->values[0], NULL, 10);
}

/* ---- from the registry ----------------------------------------------------------------------- */

static const char *
level_of (Arena *arena, const RegistryAttribute *attribute, const char *text)
{
  for (size_t i = 0; i < attribute->n_values; i++)
    if (g_str_equal (attribute->values[i], text))
      return arena_printf (arena, "%zu", i);
  return NULL;
}

/* As a number: also a value of an ordered list by its place, and a day by the months since. */
static const char *
as_number (const Pairs *pairs, Arena *arena, const RegistryAttribute *attribute, const FeelValue *value)
{
  gint64 number;
  if (value->kind == FEEL_NUMBER && decimal_to_int64 (value->number, &number))
    return arena_printf (arena, "%" G_GINT64_FORMAT, number);
  if (value->kind == FEEL_DATE)
    return arena_printf (arena, "%d", (int)MAX (pairs_today (pairs) - value->date, 0) / MONTH_DAYS);
  return value->kind == FEEL_STRING ? level_of (arena, attribute, feel_display (arena, *value)) : NULL;
}

static const char *
as_concept (const Pairs *pairs, Arena *arena, const MarketColumn *column, const FeelValue *value)
{
  const Space *space = spaces_find (&pairs->spaces, column->space);
  guint32 concept = space && value->kind == FEEL_STRING ? space_concept (space, feel_display (arena, *value))
                                                        : G_MAXUINT32;
  return concept == G_MAXUINT32 ? NULL : space->concepts[concept].code;
}

static const char *
as_text (const Pairs *pairs, Arena *arena, const MarketColumn *column, const RegistryAttribute *attribute,
         const FeelValue *value)
{
  char day[CIVIL_TEXT_MAX];
  switch (column->kind) {
  case MARKET_NUMBER: return as_number (pairs, arena, attribute, value);
  case MARKET_CONCEPTS: return as_concept (pairs, arena, column, value);
  case MARKET_TRUTH: return value->kind != FEEL_BOOLEAN ? NULL : value->boolean ? "true" : "false";
  case MARKET_DAY:
    return value->kind == FEEL_DATE ? arena_text (arena, text_of (civil_format (value->date, day))) : NULL;
  default: return value->kind == FEEL_STRING ? feel_display (arena, *value) : NULL;
  }
}

/* Of a column that is made of several attributes what is known of any; a concept that the space has not is
 * left out. */
static PairsValue
take_column (const Pairs *pairs, Arena *arena, const MarketColumn *column, const FeelContext *facts)
{
  const char **texts = arena_new0 (arena, const char *, column->n_reads + 1);
  PairsValue value = { .column = column, .values = texts };
  size_t n = 0;
  for (size_t i = 0; i < column->n_reads; i++) {
    const RegistryAttribute *attribute = column->reads[i];
    const FeelValue *fact = feel_context_get (facts, text_of (attribute->zh));
    if (!fact || fact->kind == FEEL_UNKNOWN)
      continue;
    value.is_known = true;
    const char *text = fact->kind == FEEL_NULL ? NULL : as_text (pairs, arena, column, attribute, fact);
    if (text && (column->kind == MARKET_CONCEPTS || !n))
      texts[n++] = text;
  }
  return value;
}

static const FeelPath *
paths_of (Arena *arena, const MarketSideType *type, const RegistryEntity *owner, size_t *n)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t c = 0; c < type->n; c++)
    for (size_t i = 0; column_is_read (&type->columns[c], owner) && i < type->columns[c].n_reads; i++) {
      Text *member = arena_new0 (arena, Text, 1);
      *member = text_of (type->columns[c].reads[i]->zh);
      FeelPath path = { .n = 1, .members = member };
      g_array_append_val (paths, path);
    }
  *n = paths->len;
  return pairs_keep (arena, paths);
}

const PairsValue *
pairs_read (Pairs *pairs, Arena *arena, const AccessAccount *who, const Market *market, MarketSide side,
            Subject owner, size_t *n, GError **error)
{
  const RegistryEntity *entity = owner_entity (pairs, market, side);
  const MarketSideType *type = &market->sides[side];
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (PairsValue));
  RegistryMoment now = { pairs_today (pairs), G_MAXINT64 };
  AccessAccount asker = *who; /* whom the owner lets act for it reads as itself */
  size_t n_paths;
  *n = 0;
  if (!pairs_may_put (pairs, who, market, side, owner)) {
    pairs_refuse (error, FAULT_DENIED, "an entry is put by its owner, or whom it lets act for it");
    return NULL;
  }
  const FeelPath *paths = paths_of (arena, type, entity, &n_paths);
  if (!n_paths)
    return pairs_keep (arena, values);
  asker.subject = owner;
  const AccessPermit *permit
      = access_permit (pairs->options.access, arena, &asker, ACCESS_SELF, owner, error);
  const RegistryReading *reading = permit ? access_read (permit, arena, paths, n_paths, now, error) : NULL;
  if (!reading)
    return NULL;
  FeelValue facts = registry_reading_value (reading);
  for (size_t c = 0; facts.kind == FEEL_CONTEXT && c < type->n; c++)
    if (column_is_read (&type->columns[c], entity)) {
      PairsValue value = take_column (pairs, arena, &type->columns[c], facts.context);
      g_array_append_val (values, value);
    }
  *n = values->len;
  return pairs_keep (arena, values);
}

/* ---- kept -------------------------------------------------------------------------------------- */

static bool
write_one (StoreConnection *db, gint64 entry, const PairsValue *value, gint64 position, const char *text,
           GError **error)
{
  StoreStatement *s = store_statement (
      db, "INSERT INTO pairs_value (entry, field, position, stated, value) VALUES (?1, ?2, ?3, ?4, ?5)",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, entry);
  store_bind_text (s, 2, value->column->id);
  store_bind_integer (s, 3, position);
  store_bind_integer (s, 4, value->is_stated);
  store_bind_text (s, 5, text);
  return store_run (s, error);
}

/* What is known to be none is a row without a value. */
bool
values_write (StoreConnection *db, gint64 entry, const PairsValue *values, size_t n, GError **error)
{
  if (!pairs_run (db, "DELETE FROM pairs_value WHERE entry = ?1", &entry, 1, error))
    return false;
  for (size_t i = 0; i < n; i++) {
    if (values[i].is_known && !values[i].values[0] && !write_one (db, entry, &values[i], 0, NULL, error))
      return false;
    for (size_t k = 0; values[i].is_known && values[i].values[k]; k++)
      if (!write_one (db, entry, &values[i], (gint64)k, values[i].values[k], error))
        return false;
  }
  return true;
}

typedef struct {
  bool is_known, is_stated;
  GPtrArray *texts;
} Kept;

static void
take_kept (StoreStatement *s, Arena *arena, const MarketSideType *type, Kept *kept)
{
  const MarketColumn *column = pairs_column (type, store_string (s, 0, arena));
  if (!column)
    return; /* which the market of today has no more */
  Kept *one = &kept[column - type->columns];
  one->is_known = true;
  one->is_stated = store_integer (s, 1) != 0;
  if (!store_is_null (s, 2))
    g_ptr_array_add (one->texts, (gpointer)store_string (s, 2, arena));
}

const PairsValue *
values_of (StoreConnection *db, Arena *arena, const MarketSideType *type, gint64 entry, size_t *n,
           GError **error)
{
  Kept *kept = arena_new0 (arena, Kept, MAX (type->n, 1));
  PairsValue *values = arena_new0 (arena, PairsValue, MAX (type->n, 1));
  StoreStep step;
  StoreStatement *s = store_statement (
      db, "SELECT field, stated, value FROM pairs_value WHERE entry = ?1 ORDER BY field, position", error);
  if (!s)
    return NULL;
  for (size_t c = 0; c < type->n; c++)
    kept[c].texts = g_ptr_array_new ();
  store_bind_integer (s, 1, entry);
  while ((step = store_step (s, error)) == STORE_ROW)
    take_kept (s, arena, type, kept);
  for (size_t c = 0; c < type->n; c++) {
    g_ptr_array_add (kept[c].texts, NULL);
    values[c]
        = (PairsValue){ &type->columns[c], kept[c].is_stated, kept[c].is_known,
                        arena_copy (arena, kept[c].texts->pdata, kept[c].texts->len * sizeof (gpointer)) };
    g_ptr_array_unref (kept[c].texts);
  }
  *n = type->n;
  return step == STORE_DONE ? values : NULL;
}
