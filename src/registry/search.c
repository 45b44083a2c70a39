/* Searching: the stages of a plan, one after the other, until a page is full. */
#include "registry/search.h"

#include <stdlib.h>

/* Rows that statements give after the subject's columns. */
enum { COLUMN_ID = 5, COLUMN_KEY = 6 };

/* Rows asked for beyond the page: some are other keys of the same subject. */
enum { SPARE = 8 };

typedef struct {
  const Registry *registry;
  StoreConnection *db;
  Arena *arena;
  const RegistryEntity *entity;
  const SearchStatements *statements;
  SearchPlan plan;
  const char *township; /* its code; "": anywhere */
  gint64 community;     /* 0: anywhere */
  gint64 *places;       /* where to look by name */
  size_t n_places, limit;
  SearchKeys keys;
  RegistryHit *hits; /* one more than LIMIT is sought: it tells whether there are more */
  size_t n;
} Searching;

const char *
registry_term_id (RegistryTerm term)
{
  static const char *const ids[] = { "none", "name", "spelling", "number" };
  return ids[term];
}

/* ---- where ------------------------------------------------------------- */

static StoreStatement *
one_subject (StoreConnection *db, const SearchStatements *s, gint64 number, GError **error)
{
  StoreStatement *one = store_statement (db, s->one, error);
  if (one)
    store_bind_integer (one, 1, number);
  return one;
}

/* A place whose code is its township's is that township; others are communities. */
static bool
take_place (Searching *s, const SearchSubject *place, gint64 number, GError **error)
{
  bool is_township = text_equal (place->number, place->township) || !place->township.len;
  Text township = place->township.len ? place->township : place->number;
  if (!s->entity->township || (!is_township && !s->entity->community)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s has no %s to search by", s->entity->zh,
                 s->entity->township ? "community" : "township");
    return false;
  }
  s->township = arena_text (s->arena, township);
  s->community = is_township ? 0 : number;
  return true;
}

static bool
read_place (Searching *s, Subject place, GError **error)
{
  s->township = "";
  if (!place)
    return true;
  const RegistryEntity *entity = registry_subject_entity (s->registry->schema, place);
  const SearchStatements *statements = entity ? s->registry->tables[entity->index].search : NULL;
  bool is_place = statements && entity->number && entity->township
                  && (!s->entity->community || s->entity->community->target == entity);
  StoreStatement *one = is_place ? one_subject (s->db, statements, subject_number (place), error) : NULL;
  if (is_place && !one)
    return false;
  StoreStep step = one ? store_step (one, error) : STORE_DONE;
  if (step == STORE_FAILED)
    return false;
  if (step == STORE_DONE) {
    g_set_error (error, FAULT, FAULT_INPUT, "%" G_GINT64_FORMAT " is no place to search in",
                 subject_number (place));
    return false;
  }
  SearchSubject found;
  search_read_subject (one, &found);
  bool ok = take_place (s, &found, subject_number (place), error);
  store_reset (one);
  return ok;
}

/* The numbers of the places to look in.  Who lives in a community may have no
 * township on record. */
static bool
list_places (Searching *s, GError **error)
{
  StoreStatement *statement = store_statement (
      s->db, "SELECT number FROM catalogue_township WHERE ?1 = '' OR township = ?1 ORDER BY number", error);
  if (!statement)
    return false;
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 number = 0;
  StoreStep step;
  if (!*s->township || s->community)
    g_array_append_val (places, number);
  store_bind_text (statement, 1, s->township);
  while ((step = store_step (statement, error)) == STORE_ROW && s->entity->township) {
    number = store_integer (statement, 0);
    g_array_append_val (places, number);
  }
  if (step == STORE_ROW)
    store_reset (statement);
  s->n_places = places->len;
  s->places = arena_copy (s->arena, places->data, places->len * sizeof (gint64));
  return step != STORE_FAILED;
}

/* ---- rows -------------------------------------------------------------- */

/* A row found, in the order of its range. */
typedef struct {
  Text key;
  RegistryHit hit;
  bool counts; /* this is where its subject is listed */
} Found;

/* The syllable of PATTERN that fewest names have, as far as one can tell: its place
 * from 1; 0 when only first letters are known. */
static int
narrowest (const SpellingPattern *pattern)
{
  int best = 0, width = SPELLING_MARK_LAST - SPELLING_MARK_NONE;
  for (size_t i = 0; pattern && i < pattern->n; i++)
    if (pattern->pieces[i].from != SPELLING_MARK_NONE
        && pattern->pieces[i].to - pattern->pieces[i].from < width) {
      width = pattern->pieces[i].to - pattern->pieces[i].from;
      best = (int)i + 1;
    }
  return best;
}

static void
bind_range (const Searching *s, StoreStatement *statement, const SearchStage *stage, Text from, gint64 after,
            size_t limit)
{
  store_bind_slice (statement, 1, from);
  store_bind_slice (statement, 2, stage->to);
  store_bind_integer (statement, 3, after);
  store_bind_integer (statement, 4, (gint64)limit);
  store_bind_integer (statement, 5, s->community);
}

/* The pattern, and the places from the FIRST on; places that are not there have no rows. */
static void
bind_names (const Searching *s, StoreStatement *statement, const SearchStage *stage, size_t first)
{
  int piece = narrowest (stage->pattern);
  Text from = TEXT_LITERAL (""), to = TEXT_LITERAL ("");
  if (piece) {
    from = (Text){ &stage->pattern->pieces[piece - 1].from, 1 };
    to = (Text){ &stage->pattern->pieces[piece - 1].to, 1 };
  }
  store_bind_integer (statement, 6, piece);
  store_bind_slice (statement, 7, from);
  store_bind_slice (statement, 8, to);
  for (size_t i = 0; i < SEARCH_PLACES; i++)
    store_bind_integer (statement, SEARCH_PLACE + (int)i,
                        first + i < s->n_places ? s->places[first + i] : -1);
}

static Found
read_found (Searching *s, StoreStatement *row, int stage)
{
  SearchSubject subject;
  Text key;
  search_read_subject (row, &subject);
  search_keys_make (&s->keys, &subject);
  Found found = { .key = arena_text_copy (s->arena, store_text (row, COLUMN_KEY)) };
  found.counts
      = search_plan_match (&s->plan, &subject, &s->keys, &key) == stage && text_equal (key, found.key);
  const RegistryEntity *e = s->entity;
  found.hit = (RegistryHit){ .subject = subject_make (e, store_integer (row, COLUMN_ID)),
                             .label = store_string (row, 0, s->arena),
                             .number = store_string (row, 1, s->arena),
                             .phone = store_string (row, 2, s->arena),
                             .township = store_string (row, 3, s->arena) };
  if (subject.community)
    found.hit.community = subject_make (e->community->target, subject.community);
  return found;
}

static bool
read_rows (Searching *s, StoreStatement *statement, int stage, GArray *rows, GError **error)
{
  StoreStep step;
  while ((step = store_step (statement, error)) == STORE_ROW) {
    Found found = read_found (s, statement, stage);
    g_array_append_val (rows, found);
  }
  return step == STORE_DONE;
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *x = a, *y = b;
  int order = memcmp (x->key.bytes, y->key.bytes, MIN (x->key.len, y->key.len));
  if (order || x->key.len != y->key.len)
    return order ? order : (x->key.len > y->key.len) - (x->key.len < y->key.len);
  return (x->hit.subject > y->hit.subject) - (x->hit.subject < y->hit.subject);
}

/* The first LIMIT rows of STAGE behind (FROM, AFTER), at least; fewer are all there are. */
static bool
fetch (Searching *s, int number, Text from, gint64 after, size_t limit, GArray *rows, GError **error)
{
  const SearchStage *stage = &s->plan.stages[number];
  bool by_place = search_is_by_place (stage->kind);
  const char *sql = by_place ? s->statements->names : s->statements->ends;
  for (size_t first = 0; first < (by_place ? s->n_places : 1); first += SEARCH_PLACES) {
    StoreStatement *statement = store_statement (s->db, sql, error);
    if (!statement)
      return false;
    bind_range (s, statement, stage, from, after, limit);
    if (by_place)
      bind_names (s, statement, stage, first);
    else
      store_bind_text (statement, 6, s->township);
    if (!read_rows (s, statement, number, rows, error))
      return false;
  }
  if (s->n_places > SEARCH_PLACES)
    g_array_sort (rows, compare_found);
  return true;
}

/* ---- the page ---------------------------------------------------------- */

static bool
run_stage (Searching *s, int number, Text from, gint64 after, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Found));
  for (bool all = false; !all && s->n <= s->limit;) {
    size_t limit = s->limit + 1 - s->n + SPARE;
    g_array_set_size (rows, 0);
    if (!fetch (s, number, from, after, limit, rows, error))
      return false;
    all = rows->len < limit;
    size_t n = MIN (rows->len, limit);
    for (size_t i = 0; i < n && s->n <= s->limit; i++)
      if (g_array_index (rows, Found, i).counts)
        s->hits[s->n++] = g_array_index (rows, Found, i).hit;
    if (n) {
      from = g_array_index (rows, Found, n - 1).key;
      after = subject_number (g_array_index (rows, Found, n - 1).hit.subject);
    }
  }
  return true;
}

/* Where the page begins: behind the subject AFTER. */
static bool
find_start (Searching *s, Subject after, int *stage, Text *key, GError **error)
{
  *stage = 0;
  *key = s->plan.n ? s->plan.stages[0].from : text_of ("");
  if (!after)
    return true;
  StoreStatement *one = one_subject (s->db, s->statements, subject_number (after), error);
  StoreStep step = one ? store_step (one, error) : STORE_FAILED;
  if (step == STORE_FAILED)
    return false;
  *stage = -1;
  if (step == STORE_ROW) {
    SearchSubject subject;
    search_read_subject (one, &subject);
    search_keys_make (&s->keys, &subject);
    *stage = search_plan_match (&s->plan, &subject, &s->keys, key);
    *key = *stage < 0 ? text_of ("") : arena_text_copy (s->arena, *key);
    store_reset (one);
  }
  if (*stage < 0 || registry_subject_entity (s->registry->schema, after) != s->entity) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "the page goes on behind a subject that is not found by this search");
    return false;
  }
  return true;
}

static bool
find_page (Searching *s, Subject after, GError **error)
{
  int stage;
  Text key;
  if (!find_start (s, after, &stage, &key, error))
    return false;
  gint64 behind = after ? subject_number (after) : -1;
  for (; stage < (int)s->plan.n && s->n <= s->limit; stage++) {
    if (!run_stage (s, stage, key, behind, error))
      return false;
    if (stage + 1 < (int)s->plan.n)
      key = s->plan.stages[stage + 1].from;
    behind = -1;
  }
  return true;
}

/* ---- how many ---------------------------------------------------------- */

/* Subjects may have a few keys in one range; of so many rows none is read in vain. */
enum { COUNTED_ROWS = 4 * REGISTRY_TOTAL_MAX };

static bool
count_rows (const SearchStage *stage, StoreStatement *statement, int key, int subject, GHashTable *seen,
            GError **error)
{
  StoreStep step = STORE_ROW;
  while (g_hash_table_size (seen) < REGISTRY_TOTAL_MAX && (step = store_step (statement, error)) == STORE_ROW)
    if (search_stage_holds (stage, store_text (statement, key)))
      g_hash_table_add (seen, GSIZE_TO_POINTER ((gsize)store_integer (statement, subject)));
  if (step == STORE_ROW)
    store_reset (statement);
  return step != STORE_FAILED;
}

static bool
count_stage (Searching *s, const SearchStage *stage, GHashTable *seen, GError **error)
{
  bool by_place = search_is_by_place (stage->kind);
  const char *sql = by_place ? s->statements->count_names : s->statements->ends;
  for (size_t first = 0; first < (by_place ? s->n_places : 1); first += SEARCH_PLACES) {
    StoreStatement *statement = store_statement (s->db, sql, error);
    if (!statement)
      return false;
    bind_range (s, statement, stage, stage->from, -1, by_place ? COUNTED_ROWS : REGISTRY_TOTAL_MAX);
    if (by_place)
      bind_names (s, statement, stage, first);
    else
      store_bind_text (statement, 6, s->township);
    if (!count_rows (stage, statement, by_place ? 0 : COLUMN_KEY, by_place ? 1 : COLUMN_ID, seen, error))
      return false;
  }
  return true;
}

static bool
count_all (Searching *s, size_t *total, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  for (size_t i = 0; i < s->plan.n && g_hash_table_size (seen) < REGISTRY_TOTAL_MAX; i++)
    if (!count_stage (s, &s->plan.stages[i], seen, error))
      return false;
  *total = g_hash_table_size (seen);
  return true;
}

/* ---- together ---------------------------------------------------------- */

static const RegistryHits *
answer (Searching *s, const RegistrySearch *search, GError **error)
{
  RegistryHits *answer = arena_new0 (s->arena, RegistryHits, 1);
  s->hits = arena_new0 (s->arena, RegistryHit, search->limit + 1);
  if (!read_place (s, search->place, error) || !list_places (s, error)
      || !find_page (s, search->after, error))
    return NULL;
  *answer = (RegistryHits){ .hits = s->hits,
                            .n = MIN (s->n, search->limit),
                            .more = s->n > search->limit,
                            .total = s->n,
                            .term = s->plan.term,
                            .too_short = s->plan.too_short };
  if ((answer->more || search->after) && !count_all (s, &answer->total, error))
    return NULL;
  return answer;
}

const RegistryHits *
registry_search (Registry *registry, Arena *arena, const RegistryEntity *entity, const RegistrySearch *search,
                 GError **error)
{
  g_assert (search->limit > 0 && search->limit <= REGISTRY_HITS_MAX);
  const SearchStatements *statements = registry->tables[entity->index].search;
  if (!statements) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s is not searched: it has no label or number, or stands in no township", entity->zh);
    return NULL;
  }
  if (!registry->search_ready) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: its search tables are of another version: open it once with write access",
                 store_path (registry->store));
    return NULL;
  }
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  if (!reader)
    return NULL;
  Searching s = { .registry = registry,
                  .db = store_reader_db (reader),
                  .arena = arena,
                  .entity = entity,
                  .statements = statements,
                  .plan = search_plan (arena, entity, search->text),
                  .limit = search->limit };
  const RegistryHits *hits = answer (&s, search, error);
  search_keys_clear (&s.keys);
  return hits;
}
