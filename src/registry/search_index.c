/* The tables of search: kept up to date with the facts, in their transaction, and
 * built in one pass, in their order, at the end of a bulk load. */
#include "registry/search.h"

#include <stdlib.h>

/* Raise it when keys are made in another way. */
enum { KEYS_VERSION = 1 };

/* Columns of the statements that read what subjects are found by. */
enum { COLUMN_NAME, COLUMN_NUMBER, COLUMN_PHONE, COLUMN_TOWNSHIP, COLUMN_COMMUNITY, COLUMN_ID };

/* ---- statements -------------------------------------------------------- */

static char *
column (Arena *arena, const char *table, const RegistryAttribute *a)
{
  return a ? arena_printf (arena, "%s\"%s\"", table, a->id) : "NULL";
}

/* The columns above, of the table named so. */
static char *
subject_columns (Arena *arena, const char *table, const RegistryEntity *e)
{
  return arena_printf (arena, "%s, %s, %s, %s, %s, %sid", column (arena, table, e->label),
                       column (arena, table, e->number), column (arena, table, e->phone),
                       column (arena, table, e->township), column (arena, table, e->community), table);
}

/* Hits among names: in each of some places the first of the range; of these the
 * first.  A place at a time the table's order is the range's. */
static char *
names_statement (Arena *arena, const RegistryEntity *e)
{
  g_autoptr (GString) parts = g_string_new (NULL);
  for (int i = 0; i < SEARCH_PLACES; i++)
    g_string_append_printf (
        parts,
        "%sSELECT * FROM (SELECT key, subject FROM search_%s WHERE place = ?%d" SEARCH_RANGE
        " AND (key > ?1 OR subject > ?3) ORDER BY key, subject LIMIT ?4) AS p%d",
        i ? " UNION ALL " : "", e->id, SEARCH_PLACE + i, i);
  return arena_printf (arena,
                       "SELECT %s, h.key FROM (%s ORDER BY key, subject LIMIT ?4) AS h"
                       " JOIN current_%s AS c ON c.id = h.subject ORDER BY h.key, h.subject",
                       subject_columns (arena, "c.", e), parts->str, e->id);
}

static char *
count_names_statement (Arena *arena, const RegistryEntity *e)
{
  g_autoptr (GString) places = g_string_new (NULL);
  for (int i = 0; i < SEARCH_PLACES; i++)
    g_string_append_printf (places, "%s?%d", i ? ", " : "", SEARCH_PLACE + i);
  return arena_printf (arena,
                       "SELECT key, subject FROM search_%s WHERE place IN (%s)" SEARCH_RANGE " LIMIT ?4",
                       e->id, places->str);
}

/* Hits among the ends of numbers, which are not kept by place. */
static char *
ends_statement (Arena *arena, const RegistryEntity *e)
{
  const char *township = column (arena, "c.", e->township), *community = column (arena, "c.", e->community);
  return arena_printf (arena,
                       "SELECT %s, h.key FROM search_%s AS h JOIN current_%s AS c ON c.id = h.subject"
                       " WHERE h.place = 0 AND h.key >= ?1 AND h.key < ?2 AND (h.key > ?1 OR h.subject > ?3)"
                       " AND (?6 = '' OR %s = ?6) AND (?5 = 0 OR %s = ?5) ORDER BY h.key, h.subject LIMIT ?4",
                       subject_columns (arena, "c.", e), e->id, e->id, township, community);
}

/* Rows that one statement of a build adds: the engine finds the end of the table once for all of them. */
enum { ADD_MANY = 32, ADD_COLUMNS = 4 };

static char *
add_many_statement (Arena *arena, const RegistryEntity *e)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  for (int i = 0; i < ADD_MANY; i++) {
    int first = i * ADD_COLUMNS + 1;
    g_string_append_printf (rows, "%s(?%d, ?%d, ?%d, ?%d)", i ? ", " : "", first, first + 1, first + 2,
                            first + 3);
  }
  return arena_printf (arena, "INSERT INTO search_%s (place, key, subject, community) VALUES %s", e->id,
                       rows->str);
}

void
search_prepare_statements (Registry *registry, const RegistryEntity *e)
{
  if (!search_has (e))
    return;
  Arena *arena = registry->arena;
  SearchStatements *s = arena_new0 (arena, SearchStatements, 1);
  registry->tables[e->index].search = s;
  s->add = arena_printf (
      arena, "INSERT INTO search_%s (place, key, subject, community) VALUES (?1, ?2, ?3, ?4)", e->id);
  s->add_many = add_many_statement (arena, e);
  s->put = arena_printf (
      arena, "%s ON CONFLICT (place, key, subject) DO UPDATE SET community = excluded.community", s->add);
  s->remove
      = arena_printf (arena, "DELETE FROM search_%s WHERE place = ?1 AND key = ?2 AND subject = ?3", e->id);
  s->one = arena_printf (arena, "SELECT %s FROM current_%s WHERE id = ?1", subject_columns (arena, "", e),
                         e->id);
  s->all = arena_printf (arena, "SELECT %s FROM current_%s", subject_columns (arena, "", e), e->id);
  s->names = names_statement (arena, e);
  s->count_names = count_names_statement (arena, e);
  s->ends = ends_statement (arena, e);
}

void
search_read_subject (StoreStatement *row, SearchSubject *subject)
{
  Text none = text_of ("");
  *subject = (SearchSubject){ store_text (row, COLUMN_NAME), store_text (row, COLUMN_NUMBER),
                              store_text (row, COLUMN_PHONE), store_text (row, COLUMN_TOWNSHIP),
                              store_integer (row, COLUMN_COMMUNITY) };
  Text *texts[] = { &subject->name, &subject->number, &subject->phone, &subject->township };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!texts[i]->bytes)
      *texts[i] = none;
}

/* A row to be put or removed. */
typedef struct {
  gint64 number, community;
  guint64 head; /* the key's beginning, so that most are told apart without it */
  guint32 entity, place, offset, len;
  guint32 order; /* of several changes to one row the last holds */
  enum { CHANGE_REMOVE, CHANGE_ADD, CHANGE_REPLACE } what;
} Change;

/* ---- places ------------------------------------------------------------ */

static bool
insert_place (StoreConnection *db, const char *township, GError **error)
{
  StoreStatement *insert = store_statement (
      db, "INSERT INTO catalogue_township (township) VALUES (?1) ON CONFLICT (township) DO NOTHING", error);
  if (!insert)
    return false;
  store_bind_text (insert, 1, township);
  return store_run (insert, error);
}

static bool
select_place (StoreConnection *db, const char *township, gint64 *number, GError **error)
{
  StoreStatement *select
      = store_statement (db, "SELECT number FROM catalogue_township WHERE township = ?1", error);
  if (!select)
    return false;
  store_bind_text (select, 1, township);
  bool found = store_step (select, error) == STORE_ROW;
  if (found) {
    *number = store_integer (select, 0);
    store_reset (select);
  }
  return found;
}

/* The number of the place that TOWNSHIP is, a new one if need be; 0 for none. */
static bool
place_of (SearchIndex *index, Text township, gint64 *number, GError **error)
{
  *number = 0;
  if (!township.len)
    return true;
  g_autofree char *name = g_strndup (township.bytes, township.len);
  *number = GPOINTER_TO_INT (g_hash_table_lookup (index->places, name));
  if (*number)
    return true;
  if (!insert_place (index->db, name, error) || !select_place (index->db, name, number, error))
    return false;
  g_hash_table_insert (index->places, g_steal_pointer (&name), GINT_TO_POINTER ((int)*number));
  return true;
}

SearchIndex *
search_index_new (const Registry *registry, StoreConnection *db)
{
  SearchIndex *index = g_new0 (SearchIndex, 1);
  index->registry = registry;
  index->db = db;
  index->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  index->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  return index;
}

void
search_index_free (SearchIndex *index)
{
  if (!index)
    return;
  g_hash_table_unref (index->places);
  search_keys_clear (&index->before);
  search_keys_clear (&index->after);
  g_array_unref (index->changes);
  g_free (index->bytes.bytes);
  g_free (index);
}

/* ---- keeping up to date ------------------------------------------------ */

typedef struct {
  const SearchKeys *keys;
  gint64 place, community;
} Entry;

/* Eight bytes of KEY from FROM on, as a number that sorts like them. */
static guint64
bytes_from (Text key, size_t from)
{
  guint64 head = 0;
  for (size_t i = from; i < from + sizeof head; i++)
    head = head << 8 | (i < key.len ? (guint8)key.bytes[i] : 0);
  return head;
}

static guint64
head_of (Text key)
{
  return bytes_from (key, 0);
}

static void
remember_text (Buffer *buffer, Text text)
{
  if (!text.len)
    return;
  buffer_reserve (buffer, text.len);
  memcpy (buffer->bytes + buffer->len, text.bytes, text.len);
  buffer->len += text.len;
}

static void
add_change (SearchIndex *index, const RegistryEntity *entity, const Entry *entry, Text key, gint64 number,
            int what)
{
  Change change = { .number = number,
                    .community = entry->community,
                    .head = head_of (key),
                    .entity = (guint32)entity->index,
                    .place = search_is_by_place (*key.bytes) ? (guint32)entry->place : 0,
                    .offset = (guint32)index->bytes.len,
                    .len = (guint32)key.len,
                    .order = index->changes->len,
                    .what = what };
  remember_text (&index->bytes, key);
  g_array_append_val (index->changes, change);
}

#define COMPARE(x, y) (((x) > (y)) - ((x) < (y)))

static int
compare_texts (const Buffer *bytes, guint32 a, guint32 a_len, guint32 b, guint32 b_len)
{
  int order = memcmp (bytes->bytes + a, bytes->bytes + b, MIN (a_len, b_len));
  return order ? order : COMPARE (a_len, b_len);
}

/* The row, without the order of changes to it. */
static int
compare_places (const Change *a, const Change *b, const Buffer *bytes)
{
  int order = COMPARE (a->entity, b->entity);
  if (!order)
    order = COMPARE (a->place, b->place);
  if (!order)
    order = COMPARE (a->head, b->head);
  if (!order)
    order = compare_texts (bytes, a->offset, a->len, b->offset, b->len);
  return order ? order : COMPARE (a->number, b->number);
}

static int
compare_changes (gconstpointer a, gconstpointer b, gpointer data)
{
  const Change *x = a, *y = b;
  int order = compare_places (x, y, data);
  return order ? order : COMPARE (x->order, y->order);
}

/* AGAIN: others came before it. */
static bool
write_change (SearchIndex *index, const Change *change, bool again, GError **error)
{
  const SearchStatements *s = index->registry->tables[change->entity].search;
  const char *sql = change->what == CHANGE_REMOVE          ? s->remove
                    : change->what == CHANGE_ADD && !again ? s->add
                                                           : s->put;
  StoreStatement *statement = store_statement (index->db, sql, error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, change->place);
  store_bind_slice (statement, 2, (Text){ (const char *)index->bytes.bytes + change->offset, change->len });
  store_bind_integer (statement, 3, change->number);
  if (change->what != CHANGE_REMOVE && change->community)
    store_bind_integer (statement, 4, change->community);
  return store_run (statement, error);
}

bool
search_index_flush (SearchIndex *index, GError **error)
{
  GArray *changes = index->changes;
  bool ok = true;
  g_array_sort_with_data (changes, compare_changes, &index->bytes);
  for (guint i = 0; ok && i < changes->len; i++) {
    const Change *change = &g_array_index (changes, Change, i);
    bool again = i > 0 && compare_places (change - 1, change, &index->bytes) == 0;
    bool last = i + 1 == changes->len || compare_places (change, change + 1, &index->bytes) != 0;
    ok = !last || write_change (index, change, again, error);
  }
  g_array_set_size (changes, 0);
  index->bytes.len = 0;
  return ok;
}

static bool
has_key (const SearchKeys *keys, Text key)
{
  for (size_t i = 0; i < keys->n; i++)
    if (text_equal (search_key (keys, i), key))
      return true;
  return false;
}

/* Whether KEY of one entry stands in the other in the same place. */
static bool
stays (const Entry *other, Text key, const Entry *own)
{
  return other->keys && has_key (other->keys, key)
         && (own->place == other->place || !search_is_by_place (*key.bytes));
}

static bool
change (SearchIndex *index, const RegistryEntity *entity, gint64 number, const Entry *before,
        const Entry *after, GError **error)
{
  enum { CHANGES_MAX = 1 << 21 };
  for (size_t i = 0; before->keys && i < before->keys->n; i++) {
    Text key = search_key (before->keys, i);
    if (!stays (after, key, before))
      add_change (index, entity, before, key, number, CHANGE_REMOVE);
  }
  for (size_t i = 0; after->keys && i < after->keys->n; i++) {
    Text key = search_key (after->keys, i);
    if (!stays (before, key, after))
      add_change (index, entity, after, key, number, CHANGE_ADD);
    else if (before->community != after->community)
      add_change (index, entity, after, key, number, CHANGE_REPLACE);
  }
  return index->changes->len < CHANGES_MAX || search_index_flush (index, error);
}

static bool
read_before (SearchIndex *index, const SearchStatements *s, gint64 number, Entry *before, GError **error)
{
  StoreStatement *one = store_statement (index->db, s->one, error);
  if (!one)
    return false;
  store_bind_integer (one, 1, number);
  StoreStep step = store_step (one, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  SearchSubject subject;
  search_read_subject (one, &subject);
  search_keys_make (&index->before, &subject);
  before->keys = &index->before;
  before->community = subject.community;
  bool ok = place_of (index, subject.township, &before->place, error);
  store_reset (one);
  return ok;
}

static Text
folded_text (const Fold *fold, const RegistryAttribute *a)
{
  const Cell *cell = a ? &fold->cells[a->index] : NULL;
  return cell && cell->state == REGISTRY_VALUE ? fold_text (fold, cell) : text_of ("");
}

static SearchSubject
folded_subject (const Fold *fold)
{
  const RegistryEntity *e = fold->entity;
  const Cell *community = e->community ? &fold->cells[e->community->index] : NULL;
  return (SearchSubject){ folded_text (fold, e->label), folded_text (fold, e->number),
                          folded_text (fold, e->phone), folded_text (fold, e->township),
                          community && community->state == REGISTRY_VALUE
                              ? subject_number (community->integer)
                              : 0 };
}

bool
search_index_update (SearchIndex *index, const Fold *fold, gint64 number, bool fresh, GError **error)
{
  const SearchStatements *s = index->registry->tables[fold->entity->index].search;
  if (!s)
    return true;
  Entry before = { 0 }, after = { .keys = &index->after };
  SearchSubject subject = folded_subject (fold);
  search_keys_make (&index->after, &subject);
  after.community = subject.community;
  return (fresh || read_before (index, s, number, &before, error))
         && place_of (index, subject.township, &after.place, error)
         && change (index, fold->entity, number, &before, &after, error);
}

bool
search_index_drop (SearchIndex *index, const RegistryEntity *entity, gint64 number, GError **error)
{
  const SearchStatements *s = index->registry->tables[entity->index].search;
  Entry before = { 0 }, after = { 0 };
  return !s
         || (read_before (index, s, number, &before, error)
             && change (index, entity, number, &before, &after, error));
}

/* ---- building ---------------------------------------------------------- */

/* A subject of the current table; its texts stand one behind the other. */
typedef struct {
  gint64 number, community;
  guint32 place, name, code, phone; /* the last three: lengths */
  size_t offset;
} Person;

/* A key to be written.  Sixteen bytes of it stand here: most end within them, and sorting
 * seldom has to look further. */
typedef struct {
  guint64 head, rest;
  guint32 offset, len, person;
} Row;

typedef struct {
  Buffer texts, bytes;
  GArray *people, *rows;
  guint32 last_place;
} Build;

static bool
add_person (Build *build, SearchIndex *index, StoreStatement *row, GError **error)
{
  SearchSubject s;
  gint64 place;
  search_read_subject (row, &s);
  if (!place_of (index, s.township, &place, error))
    return false;
  Person person
      = { store_integer (row, COLUMN_ID), s.community,          (guint32)place,  (guint32)s.name.len,
          (guint32)s.number.len,          (guint32)s.phone.len, build->texts.len };
  remember_text (&build->texts, s.name);
  remember_text (&build->texts, s.number);
  remember_text (&build->texts, s.phone);
  g_array_append_val (build->people, person);
  build->last_place = MAX (build->last_place, person.place);
  return true;
}

static bool
read_people (Build *build, SearchIndex *index, const SearchStatements *s, GError **error)
{
  StoreStatement *all = store_statement (index->db, s->all, error);
  StoreStep step = all ? STORE_ROW : STORE_FAILED;
  while (step != STORE_FAILED && (step = store_step (all, error)) == STORE_ROW)
    if (!add_person (build, index, all, error))
      return false;
  return step == STORE_DONE;
}

static void
add_row (Build *build, Text key, guint32 person)
{
  Row row = { head_of (key), bytes_from (key, sizeof (guint64)), (guint32)build->bytes.len, (guint32)key.len,
              person };
  remember_text (&build->bytes, key);
  g_array_append_val (build->rows, row);
}

/* The rows of one place: the names of its people; of place 0 also the ends of everybody's numbers. */
static void
collect_rows (Build *build, SearchKeys *keys, guint32 place)
{
  g_array_set_size (build->rows, 0);
  build->bytes.len = 0;
  for (guint32 i = 0; i < build->people->len; i++) {
    const Person *p = &g_array_index (build->people, Person, i);
    bool here = p->place == place;
    if (!here && place)
      continue;
    const char *texts = (const char *)build->texts.bytes + p->offset;
    SearchSubject subject = { .name = { texts, here ? p->name : 0 },
                              .number = { texts + p->name, p->code },
                              .phone = { texts + p->name + p->code, place ? 0 : p->phone } };
    search_keys_make (keys, &subject);
    for (size_t k = 0; k < keys->n; k++)
      if (search_is_by_place (*search_key (keys, k).bytes) ? here : !place)
        add_row (build, search_key (keys, k), i);
  }
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const Row *x = a, *y = b;
  const Build *build = data;
  int order = COMPARE (x->head, y->head);
  if (!order)
    order = COMPARE (x->rest, y->rest);
  if (!order && (x->len != y->len || x->len > 2 * sizeof x->head))
    order = compare_texts (&build->bytes, x->offset, x->len, y->offset, y->len);
  const Person *people = (const Person *)(gpointer)build->people->data;
  return order ? order : COMPARE (people[x->person].number, people[y->person].number);
}

/* ROW as the NTH of those that ADD adds. */
static void
bind_row (StoreStatement *add, int nth, const Build *build, const Row *row, guint32 place)
{
  const Person *person = &g_array_index (build->people, Person, row->person);
  int first = nth * ADD_COLUMNS + 1;
  store_bind_integer (add, first, place);
  store_bind_slice (add, first + 1, (Text){ (const char *)build->bytes.bytes + row->offset, row->len });
  store_bind_integer (add, first + 2, person->number);
  if (person->community)
    store_bind_integer (add, first + 3, person->community);
  else
    store_bind_null (add, first + 3);
}

/* Rows FROM … as many at a time as SQL takes, EACH. */
static bool
write_some (Build *build, SearchIndex *index, const char *sql, guint each, guint32 place, guint *from,
            GError **error)
{
  StoreStatement *add = *from + each <= build->rows->len ? store_statement (index->db, sql, error) : NULL;
  if (!add)
    return *from + each > build->rows->len;
  for (; *from + each <= build->rows->len; *from += each) {
    for (guint i = 0; i < each; i++)
      bind_row (add, (int)i, build, &g_array_index (build->rows, Row, *from + i), place);
    if (!store_run (add, error))
      return false;
  }
  return true;
}

static bool
write_rows (Build *build, SearchIndex *index, const SearchStatements *s, guint32 place, GError **error)
{
  guint written = 0;
  if (build->rows->len > 0) /* an empty array has no data to point at */
    qsort_r (build->rows->data, build->rows->len, sizeof (Row), compare_rows, build);
  return write_some (build, index, s->add_many, ADD_MANY, place, &written, error)
         && write_some (build, index, s->add, 1, place, &written, error);
}

static bool
fill (SearchIndex *index, const RegistryEntity *entity, GError **error)
{
  const SearchStatements *s = index->registry->tables[entity->index].search;
  Build build = { .people = g_array_new (FALSE, FALSE, sizeof (Person)),
                  .rows = g_array_new (FALSE, FALSE, sizeof (Row)) };
  bool ok = read_people (&build, index, s, error);
  for (guint32 place = 0; ok && place <= build.last_place; place++) {
    collect_rows (&build, &index->after, place);
    ok = write_rows (&build, index, s, place, error);
  }
  g_array_unref (build.people);
  g_array_unref (build.rows);
  g_free (build.texts.bytes);
  g_free (build.bytes.bytes);
  return ok;
}

/* ---- when to build ----------------------------------------------------- */

/* What the keys of ENTITY are made of, by which rules. */
static char *
keys_made_of (const RegistryEntity *e)
{
  const RegistryAttribute *all[] = { e->label, e->number, e->phone, e->township, e->community };
  g_autoptr (GString) out = g_string_new (NULL);
  g_string_append_printf (out, "%d %s", KEYS_VERSION, spelling_version ());
  for (size_t i = 0; i < G_N_ELEMENTS (all); i++)
    g_string_append_printf (out, " %s", all[i] ? all[i]->id : "-");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static bool
is_made (StoreConnection *db, const RegistryEntity *entity, bool *made, GError **error)
{
  StoreStatement *select = store_statement (db, "SELECT keys FROM catalogue_search WHERE entity = ?1", error);
  if (!select)
    return false;
  store_bind_integer (select, 1, entity->index);
  StoreStep step = store_step (select, error);
  g_autofree char *keys = keys_made_of (entity);
  *made = step == STORE_ROW && g_str_equal (store_text (select, 0).bytes, keys);
  if (step == STORE_ROW)
    store_reset (select);
  return step != STORE_FAILED;
}

static bool
remember_made (StoreConnection *db, const RegistryEntity *entity, GError **error)
{
  StoreStatement *insert = store_statement (db,
                                            "INSERT INTO catalogue_search (entity, keys) VALUES (?1, ?2)"
                                            " ON CONFLICT (entity) DO UPDATE SET keys = excluded.keys",
                                            error);
  if (!insert)
    return false;
  g_autofree char *keys = keys_made_of (entity);
  store_bind_integer (insert, 1, entity->index);
  store_bind_text (insert, 2, keys);
  return store_run (insert, error);
}

static bool
make_table (StoreConnection *db, const RegistryEntity *entity, GError **error)
{
  g_autofree char *sql
      = g_strdup_printf ("CREATE TABLE IF NOT EXISTS search_%s (place INTEGER NOT NULL, key TEXT NOT NULL,"
                         " subject INTEGER NOT NULL, community INTEGER, PRIMARY KEY (place, key, subject)) "
                         "STRICT, WITHOUT ROWID;"
                         "DELETE FROM search_%s",
                         entity->id, entity->id);
  return store_execute (db, sql, error);
}

bool
search_index_build (StoreConnection *db, Registry *registry, bool again, GError **error)
{
  SearchIndex *index = search_index_new (registry, db);
  bool ok = true;
  for (size_t i = 0; ok && i < registry->schema->n; i++) {
    const RegistryEntity *entity = &registry->schema->entities[i];
    bool made = !search_has (entity);
    ok = (made || is_made (db, entity, &made, error))
         && ((made && !(again && search_has (entity)))
             || (make_table (db, entity, error) && fill (index, entity, error)
                 && remember_made (db, entity, error)));
  }
  search_index_free (index);
  registry->search_ready = ok;
  return ok;
}

bool
search_index_check (StoreConnection *db, Registry *registry, bool *ready, GError **error)
{
  *ready = true;
  for (size_t i = 0; *ready && i < registry->schema->n; i++)
    if (search_has (&registry->schema->entities[i])
        && !is_made (db, &registry->schema->entities[i], ready, error))
      return false;
  return true;
}
