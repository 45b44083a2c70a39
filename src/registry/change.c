/* Changes of registry.yaml under a store: said in words before anything is done,
 * refused where stored facts would lose their meaning, remembered when done. */
#include "registry/registry_private.h"

typedef struct {
  Arena *arena;
  GArray *list;
  bool refold; /* current tables mean something else than before */
} Changes;

static void add (Changes *c, RegistryChangeKind kind, const RegistryEntity *entity,
                 const RegistryAttribute *attribute, const char *format, ...) G_GNUC_PRINTF (5, 6);

static void
add (Changes *c, RegistryChangeKind kind, const RegistryEntity *entity, const RegistryAttribute *attribute,
     const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  const char *what = attribute ? arena_printf (c->arena, "%s.%s", entity->id, attribute->id)
                               : arena_text (c->arena, text_of (entity->id));
  RegistryChange change = { kind, what, arena_text (c->arena, text_of (text)), attribute };
  g_array_append_val (c->list, change);
}

/* ---- attributes -------------------------------------------------------- */

static const RegistryAttribute *
attribute_with_id (const RegistryEntity *entity, const char *id)
{
  for (size_t i = 0; i < entity->n; i++)
    if (g_str_equal (entity->attributes[i].id, id))
      return &entity->attributes[i];
  return NULL;
}

static const char *
show_bound (Arena *arena, const RegistryAttribute *a, bool has, gint64 bound)
{
  char buffer[DECIMAL_TEXT_MAX];
  if (!has)
    return "none";
  return arena_text (arena, text_of (a->kind == REGISTRY_DATE
                                         ? civil_format (bound, buffer)
                                         : decimal_format (decimal_from_scaled (bound, a->scale), buffer)));
}

static void
compare_bound (Changes *c, const RegistryAttribute *old, const RegistryAttribute *new, const char *name,
               bool least)
{
  bool had = least ? old->has_min : old->has_max, has = least ? new->has_min : new->has_max;
  gint64 was = least ? old->min : old->max, is = least ? new->min : new->max;
  if (had == has && (!has || was == is))
    return;
  bool narrower = has && (!had || (least ? is > was : is < was));
  add (c, narrower ? REGISTRY_CHANGE_NARROWED : REGISTRY_CHANGE_ALTERED, new->entity, new,
       "the %s allowed was %s and is %s", name, show_bound (c->arena, old, had, was),
       show_bound (c->arena, new, has, is));
}

/* The values of A that B does not have, as "甲、乙"; "" when B allows any. */
static const char *
values_only_in (Arena *arena, const RegistryAttribute *a, const RegistryAttribute *b)
{
  g_autoptr (GString) list = g_string_new (NULL);
  for (size_t i = 0; b->values && i < a->n_values; i++)
    if (!g_strv_contains (b->values, a->values[i]))
      g_string_append_printf (list, "%s%s", list->len ? "、" : "", a->values[i]);
  return arena_text (arena, (Text){ list->str, list->len });
}

static void
compare_values (Changes *c, const RegistryAttribute *old, const RegistryAttribute *new)
{
  const char *gone = values_only_in (c->arena, old, new), *come = values_only_in (c->arena, new, old);
  if (!old->values && new->values)
    add (c, REGISTRY_CHANGE_NARROWED, new->entity, new, "any text was allowed, now only listed ones");
  if (old->values && !new->values)
    add (c, REGISTRY_CHANGE_ALTERED, new->entity, new, "any text is allowed now");
  if (*gone)
    add (c, REGISTRY_CHANGE_NARROWED, new->entity, new, "no longer allowed: %s", gone);
  if (*come)
    add (c, REGISTRY_CHANGE_ALTERED, new->entity, new, "now also allowed: %s", come);
}

static const char *
show_absence (Arena *arena, const RegistryAttribute *a)
{
  switch (a->absence) {
  case REGISTRY_ABSENT_UNKNOWN: return "unknown";
  case REGISTRY_ABSENT_NONE: return "none";
  case REGISTRY_ABSENT_VALUE: return arena_printf (arena, "the value %s", a->absence_text);
  }
  g_assert_not_reached ();
}

static void
compare_word (Changes *c, const RegistryAttribute *a, const char *name, const char *was, const char *is)
{
  if (g_strcmp0 (was, is) != 0)
    add (c, REGISTRY_CHANGE_ALTERED, a->entity, a, "the %s was %s and is %s", name, was ? was : "not given",
         is ? is : "not given");
}

/* The mark in words: no fact means anything else for it. */
static const char *
show_barrier (Arena *arena, const RegistryBarrier *barrier)
{
  if (!barrier)
    return NULL;
  g_autoptr (GString) text = g_string_new (registry_barrier_id (barrier->kind));
  for (size_t i = 0; i < barrier->n_recomputed; i++) {
    Text rule = feel_expression_source (barrier->recomputed[i].rule);
    g_string_append_printf (text, ", %s recomputed as %.*s", barrier->recomputed[i].attribute->id,
                            (int)rule.len, rule.bytes);
  }
  for (size_t i = 0; i < barrier->n_held; i++)
    g_string_append_printf (text, ", %s held", barrier->held[i]->id);
  return arena_text (arena, (Text){ text->str, text->len });
}

static void
compare_answerable (Changes *c, const RegistryAttribute *old, const RegistryAttribute *new)
{
  static const char *const sensitivities[] = { "public", "personal", "sensitive" };
  compare_word (c, new, "Chinese name", old->zh, new->zh);
  compare_word (c, new, "English label", old->en, new->en);
  compare_word (c, new, "unit", old->unit, new->unit);
  compare_word (c, new, "department", old->source, new->source);
  compare_word (c, new, "sensitivity", sensitivities[old->sensitivity], sensitivities[new->sensitivity]);
  compare_word (c, new, "meaning of absence", show_absence (c->arena, old), show_absence (c->arena, new));
  compare_word (c, new, "barrier", show_barrier (c->arena, old->barrier),
                show_barrier (c->arena, new->barrier));
  compare_word (c, new, "way back", old->via ? old->via->id : NULL, new->via ? new->via->id : NULL);
  c->refold |= !g_str_equal (old->source, new->source) || old->absence != new->absence;
}

/* What is stored would mean something else. */
static bool
is_other (Changes *c, const RegistryAttribute *old, const RegistryAttribute *new)
{
  if (old->kind != new->kind)
    add (c, REGISTRY_CHANGE_REFUSED, new->entity, new,
         "the type of %s.%s has changed: give the new one another id", new->entity->id, new->id);
  else if (old->scale != new->scale)
    add (c, REGISTRY_CHANGE_REFUSED, new->entity, new,
         "the scale of %s.%s was %d and is %d: give the new one another id", new->entity->id, new->id,
         old->scale, new->scale);
  else if (old->target && !g_str_equal (old->target->id, new->target->id))
    add (c, REGISTRY_CHANGE_REFUSED, new->entity, new,
         "%s.%s led to %s and leads to %s: give the new one another id", new->entity->id, new->id,
         old->target->id, new->target->id);
  else
    return false;
  return true;
}

static void
compare_attribute (Changes *c, const RegistryAttribute *old, const RegistryAttribute *new)
{
  if (is_other (c, old, new))
    return;
  compare_bound (c, old, new, "least", true);
  compare_bound (c, old, new, "most", false);
  compare_values (c, old, new);
  compare_answerable (c, old, new);
}

/* ---- entities ---------------------------------------------------------- */

static void
compare_entity (Changes *c, const RegistryEntity *old, const RegistryEntity *new)
{
  if (!g_str_equal (old->zh, new->zh) || !g_str_equal (old->en, new->en))
    add (c, REGISTRY_CHANGE_ALTERED, new, NULL, "the name was %s (%s) and is %s (%s)", old->zh, old->en,
         new->zh, new->en);
  for (size_t i = 0; i < old->n; i++) {
    const RegistryAttribute *was = &old->attributes[i], *is = attribute_with_id (new, was->id);
    if (is)
      compare_attribute (c, was, is);
    else if (was->kind == REGISTRY_COLLECTION)
      add (c, REGISTRY_CHANGE_ALTERED, old, was, "the collection %s is gone; the facts behind it stay",
           was->zh);
    else
      add (c, REGISTRY_CHANGE_REFUSED, old, was,
           "the attribute %s.%s is gone: put it back, its facts are kept", old->id, was->id);
  }
  for (size_t i = 0; i < new->n; i++)
    if (!attribute_with_id (old, new->attributes[i].id)) {
      add (c, REGISTRY_CHANGE_ADDED, new, &new->attributes[i], "new attribute %s (%s)", new->attributes[i].zh,
           new->attributes[i].en);
      c->refold |= new->attributes[i].kind == REGISTRY_COLLECTION; /* who once referred here was not kept */
    }
}

static void
compare (Changes *c, const RegistrySchema *old, const RegistrySchema *new)
{
  for (size_t i = 0; i < old->n; i++) {
    const RegistryEntity *was = &old->entities[i], *is = registry_schema_entity_at (new, i);
    if (is && g_str_equal (was->id, is->id))
      compare_entity (c, was, is);
    else
      add (c, REGISTRY_CHANGE_REFUSED, was, NULL,
           "entity %zu was \"%s\" and is \"%s\": keep the order and add new ones at the end", i + 1, was->id,
           is ? is->id : "not there");
  }
  for (size_t i = old->n; i < new->n; i++)
    add (c, REGISTRY_CHANGE_ADDED, &new->entities[i], NULL, "new entity %s (%s) with %zu attributes",
         new->entities[i].zh, new->entities[i].en, new->entities[i].n);
}

/* ---- stored facts ------------------------------------------------------ */

static void
append_quoted (GString *sql, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "'", -1);
  g_autofree char *doubled = g_strjoinv ("''", parts);
  g_string_append_printf (sql, "'%s'", doubled);
}

/* A query for how many current values stand outside what A allows, and the first. */
static char *
outside_query (Arena *arena, const RegistryAttribute *a)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_string_append_printf (sql, "SELECT count(*), min(id) FROM current_%s WHERE 1 = 0", a->entity->id);
  if (a->has_min)
    g_string_append_printf (sql, " OR \"%s\" < %" G_GINT64_FORMAT, a->id, a->min);
  if (a->has_max)
    g_string_append_printf (sql, " OR \"%s\" > %" G_GINT64_FORMAT, a->id, a->max);
  for (size_t i = 0; i < a->n_values; i++) {
    if (i == 0)
      g_string_append_printf (sql, " OR \"%s\" NOT IN (", a->id);
    append_quoted (sql, a->values[i]);
    g_string_append (sql, i + 1 < a->n_values ? "," : ")");
  }
  return arena_text (arena, (Text){ sql->str, sql->len });
}

/* A narrower rule is refused while a current value stands against it: everything
 * that reads current values may count on the schema. */
static bool
check_narrowed (StoreConnection *db, Arena *arena, RegistryChange *change, GError **error)
{
  const RegistryAttribute *a = change->attribute;
  StoreStatement *statement = store_statement (db, outside_query (arena, a), error);
  if (!statement || store_step (statement, error) != STORE_ROW)
    return false;
  gint64 n = store_integer (statement, 0), first = store_integer (statement, 1);
  store_reset (statement);
  if (n == 0)
    return true;
  change->kind = REGISTRY_CHANGE_REFUSED;
  change->text = arena_printf (arena,
                               "%s.%s: %s, and %" G_GINT64_FORMAT
                               " current values stand against it (the first: %s-%" G_GINT64_FORMAT
                               "): correct them first or put the rule back",
                               a->entity->id, a->id, change->text, n, a->entity->id, first);
  return true;
}

/* The schema that the store was last opened with; bytes NULL for none. */
static bool
read_source (StoreConnection *db, Arena *arena, Text *source, bool *any, GError **error)
{
  StoreStatement *statement
      = store_statement (db, "SELECT source FROM registry_schema ORDER BY version DESC LIMIT 1", error);
  StoreStep step = statement ? store_step (statement, error) : STORE_FAILED;
  *any = step == STORE_ROW;
  *source = *any ? arena_text_copy (arena, store_text (statement, 0)) : (Text){ 0 };
  if (statement)
    store_reset (statement);
  return step != STORE_FAILED;
}

bool
change_plan (StoreConnection *db, const RegistrySchema *new, Arena *arena, GArray **list, bool *refold,
             GError **error)
{
  Text source;
  *list = g_array_new (FALSE, FALSE, sizeof (RegistryChange));
  if (!read_source (db, arena, &source, refold, error))
    return false;
  if (!source.len) /* a new store, or one from before schemas were kept, whose conflicts are not listed */
    return true;
  g_autoptr (RegistrySchema) old = registry_schema_parse (source, "the store's schema", error);
  if (!old)
    return false;
  Changes changes = { arena, *list, false };
  compare (&changes, old, new);
  *refold = changes.refold;
  for (guint i = 0; i < (*list)->len; i++) {
    RegistryChange *change = &g_array_index (*list, RegistryChange, i);
    if (change->kind == REGISTRY_CHANGE_NARROWED && !check_narrowed (db, arena, change, error))
      return false;
    if (change->kind != REGISTRY_CHANGE_NARROWED)
      change->attribute = NULL; /* it may be the old schema's, which goes */
  }
  return true;
}

const RegistryChange *
registry_plan (const char *path, const RegistrySchema *schema, Arena *arena, size_t *n, GError **error)
{
  *n = 0;
  g_autoptr (Store) store
      = store_open (path, STORE_READ_ONLY, registry_migrations, registry_n_migrations, error);
  g_autoptr (StoreReader) reader = store ? store_reader (store, error) : NULL;
  g_autoptr (GArray) list = NULL;
  bool refold;
  if (!reader || !change_plan (store_reader_db (reader), schema, arena, &list, &refold, error))
    return NULL;
  *n = list->len;
  return arena_copy (arena, list->data, list->len * sizeof (RegistryChange));
}

/* ---- history ----------------------------------------------------------- */

bool
change_remember (StoreConnection *db, const RegistrySchema *schema, const GArray *changes, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < changes->len; i++) {
    const RegistryChange *change = &g_array_index (changes, RegistryChange, i);
    g_string_append_printf (text, "%s%s: %s", i ? "\n" : "", change->what, change->text);
  }
  StoreStatement *insert = store_statement (
      db, "INSERT INTO registry_schema (hash, recorded_at, source, changes) VALUES (?1, ?2, ?3, ?4)", error);
  if (!insert)
    return false;
  store_bind_text (insert, 1, schema->hash);
  store_bind_integer (insert, 2, g_get_real_time () / G_USEC_PER_SEC);
  store_bind_slice (insert, 3, schema->source);
  store_bind_text (insert, 4, text->str);
  return store_run (insert, error);
}

const RegistryVersion *
registry_history (Registry *registry, Arena *arena, size_t *n, GError **error)
{
  *n = 0;
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  StoreStatement *statement
      = reader ? store_statement (store_reader_db (reader),
                                  "SELECT version, hash, recorded_at, changes FROM registry_schema"
                                  " ORDER BY version",
                                  error)
               : NULL;
  if (!statement)
    return NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (RegistryVersion));
  StoreStep step;
  while ((step = store_step (statement, error)) == STORE_ROW) {
    RegistryVersion version = { store_integer (statement, 0), store_string (statement, 1, arena),
                                store_integer (statement, 2), store_string (statement, 3, arena) };
    g_array_append_val (list, version);
  }
  *n = list->len;
  return step == STORE_DONE ? arena_copy (arena, list->data, list->len * sizeof (RegistryVersion)) : NULL;
}
