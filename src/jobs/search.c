/* Looking for advertisements: an index of fulltext/ in memory, made when it is first asked and brought up to
 * date with what has changed since by whoever asks next, this process or another having changed it. */
#include "jobs/matching_private.h"

enum { TITLE, OCCUPATION, SKILLS, EMPLOYER, TEXT, FIELDS };
enum { PLACE, KIND, PAY, UNTIL, COLUMNS };
enum {
  BATCH = 1000,
  PAY_STEP = 10000 /* fen: a hundred yuan */,
  FIRST_DAY = 18000 /* 2019: days fit 16 bits */
};

struct JobsIndex {
  Fulltext *fulltext;
  gint64 seen;       /* jobs_change.n up to which it is made */
  GPtrArray *values; /* texts of places and kinds; a column has their places here */
  GHashTable *place_of;
};

static JobsIndex *
index_new (void)
{
  static const FulltextField fields[FIELDS] = { [TITLE] = { "title", 300, true },
                                                [OCCUPATION] = { "occupation", 250, true },
                                                [SKILLS] = { "skills", 150, false },
                                                [EMPLOYER] = { "employer", 100, true },
                                                [TEXT] = { "text", 100, false } };
  static const char *const columns[COLUMNS] = { "place", "kind", "pay", "until" };
  FulltextShape shape = { FIELDS, fields, COLUMNS, columns };
  JobsIndex *index = g_new0 (JobsIndex, 1);
  *index = (JobsIndex){ .fulltext = fulltext_new (&shape),
                        .values = g_ptr_array_new_with_free_func (g_free),
                        .place_of = g_hash_table_new (g_str_hash, g_str_equal) };
  return index;
}

void
index_free (JobsIndex *index)
{
  if (!index)
    return;
  fulltext_free (index->fulltext);
  g_hash_table_unref (index->place_of);
  g_ptr_array_unref (index->values);
  g_free (index);
}

/* ---- keeping up ----------------------------------------------------------------------------- */

/* A number for VALUE, the same whenever it comes again.  Under the lock. */
static guint16
number_for (JobsIndex *index, const char *value)
{
  gpointer place;
  if (g_hash_table_lookup_extended (index->place_of, value, NULL, &place))
    return (guint16)GPOINTER_TO_UINT (place);
  if (index->values->len == G_MAXUINT16)
    return G_MAXUINT16; /* more townships than there are anywhere */
  char *kept = g_strdup (value);
  g_hash_table_insert (index->place_of, kept, GUINT_TO_POINTER (index->values->len));
  g_ptr_array_add (index->values, kept);
  return (guint16)(index->values->len - 1);
}

static guint16
in_column (gint64 value)
{
  return (guint16)CLAMP (value, 0, G_MAXUINT16);
}

static FulltextDocument
document_of (JobsIndex *index, StoreStatement *s, Arena *arena)
{
  Text *texts = arena_new0 (arena, Text, FIELDS);
  guint16 *columns = arena_new0 (arena, guint16, COLUMNS);
  for (int field = 0; field < FIELDS; field++)
    texts[field] = text_of (store_string (s, 2 + field, arena));
  columns[PLACE] = number_for (index, store_string (s, 7, arena));
  columns[KIND] = number_for (index, store_string (s, 8, arena));
  columns[PAY] = in_column (store_integer (s, 9) / PAY_STEP);
  columns[UNTIL] = in_column (store_integer (s, 10) - FIRST_DAY);
  return (FulltextDocument){ .id = (guint64)store_integer (s, 0), .texts = texts, .columns = columns };
}

/* What has changed since, the first BATCH of it after id AFTER; *N: how many rows there were. */
static bool
catch_up_some (StoreConnection *db, JobsIndex *index, gint64 *after, guint *n, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) put = g_array_new (FALSE, FALSE, sizeof (FulltextDocument)),
                     gone = g_array_new (FALSE, FALSE, sizeof (guint64));
  StoreStatement *s = store_statement (
      db,
      "SELECT id, state, title, occupation, skills, employer_name, text, place, kind, pay_to, last_day"
      " FROM jobs_post WHERE version > ?1 AND id > ?2 ORDER BY id LIMIT ?3",
      error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, index->seen);
  store_bind_integer (s, 2, *after);
  store_bind_integer (s, 3, BATCH);
  while ((step = store_step (s, error)) == STORE_ROW) {
    *after = store_integer (s, 0);
    guint64 id = (guint64)*after;
    if (store_integer (s, 1) == JOBS_OPEN) {
      FulltextDocument document = document_of (index, s, arena);
      g_array_append_val (put, document);
    } else
      g_array_append_val (gone, id);
  }
  *n = put->len + gone->len;
  fulltext_remove (index->fulltext, (const guint64 *)(void *)gone->data, gone->len);
  return step == STORE_DONE
         && fulltext_put (index->fulltext, (const FulltextDocument *)(void *)put->data, put->len, error);
}

/* The index as DB has advertisements. */
static bool
catch_up (Jobs *jobs, StoreConnection *db, GError **error)
{
  gint64 now, after = 0;
  guint n = BATCH;
  bool done = store_query (db, "SELECT n FROM jobs_change WHERE id = 1", 0, &now, error);
  g_mutex_lock (&jobs->lock);
  if (!jobs->index)
    jobs->index = index_new ();
  while (done && jobs->index->seen < now && n == BATCH)
    done = catch_up_some (db, jobs->index, &after, &n, error);
  if (done && jobs->index->seen < now)
    jobs->index->seen = now;
  g_mutex_unlock (&jobs->lock);
  return done;
}

/* ---- looking --------------------------------------------------------------------------------- */

/* A filter keeps ONE value, or, where no advertisement has it, nothing. */
typedef struct {
  FulltextFilter filters[COLUMNS];
  guint16 place, kind;
  size_t n;
  bool nothing;
} Filters;

static void
keep_value (JobsIndex *index, Filters *filters, unsigned column, const char *value, guint16 *number)
{
  gpointer place;
  if (!value || !*value)
    return;
  if (!g_hash_table_lookup_extended (index->place_of, value, NULL, &place)) {
    filters->nothing = true;
    return;
  }
  *number = (guint16)GPOINTER_TO_UINT (place);
  filters->filters[filters->n++] = (FulltextFilter){ .column = column, .n_values = 1, .values = number };
}

static void
make_filters (Jobs *jobs, const JobsSearch *search, Filters *filters)
{
  *filters = (Filters){ .n = 0 };
  g_mutex_lock (&jobs->lock);
  keep_value (jobs->index, filters, PLACE, search->place, &filters->place);
  keep_value (jobs->index, filters, KIND, search->kind, &filters->kind);
  g_mutex_unlock (&jobs->lock);
  filters->filters[filters->n++] = (FulltextFilter){ .column = UNTIL,
                                                     .least = in_column (jobs_today (jobs) - FIRST_DAY),
                                                     .most = G_MAXUINT16 };
  if (search->pay_from > 0)
    filters->filters[filters->n++] = (FulltextFilter){
      .column = PAY, .least = in_column ((search->pay_from + PAY_STEP - 1) / PAY_STEP), .most = G_MAXUINT16
    };
}

static const JobsFacet *
facets_of (Jobs *jobs, Arena *arena, const FulltextFacet *facet, size_t *n)
{
  JobsFacet *facets = arena_new0 (arena, JobsFacet, facet->n);
  g_mutex_lock (&jobs->lock);
  for (size_t i = 0; i < facet->n; i++)
    facets[i]
        = (JobsFacet){ arena_text (arena,
                                   text_of (g_ptr_array_index (jobs->index->values, facet->counts[i].value))),
                       facet->counts[i].count };
  g_mutex_unlock (&jobs->lock);
  *n = facet->n;
  return facets;
}

static bool
read_page (StoreConnection *db, Jobs *jobs, Arena *arena, const FulltextAnswer *answer, JobsFound *found,
           GError **error)
{
  JobsPost *posts = arena_new0 (arena, JobsPost, answer->n_hits);
  found->posts = posts;
  for (size_t i = 0; i < answer->n_hits; i++) {
    bool there;
    if (!post_look (db, jobs, arena, (gint64)answer->hits[i].id, &posts[found->n], &there, error))
      return false;
    found->n += there && posts[found->n].taking;
  }
  found->total = answer->n_found;
  found->loosened = answer->loosened != 0;
  found->places = facets_of (jobs, arena, &answer->facets[0], &found->n_places);
  found->kinds = facets_of (jobs, arena, &answer->facets[1], &found->n_kinds);
  return true;
}

static bool
check_search (const JobsSearch *search, GError **error)
{
  const char *text = search->text ? search->text : "";
  if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > JOBS_QUERY_MAX)
    return jobs_refuse (error, FAULT_INPUT, "what is looked for is text of at most 200 characters");
  return search->from < JOBS_FOUND_MAX
         || jobs_refuse (error, FAULT_INPUT, "so many hits nobody reads: look for less");
}

const FulltextAnswer *
search_wishes (Jobs *jobs, StoreConnection *db, Arena *arena, const char *const *wishes, GError **error)
{
  enum { WISHES_TAKEN = 5, LOOKED_AT = 100 };
  g_autoptr (GString) text = g_string_new (NULL);
  FulltextFilter open
      = { .column = UNTIL, .least = in_column (jobs_today (jobs) - FIRST_DAY), .most = G_MAXUINT16 };
  FulltextQuery query = { .n_filters = 1, .filters = &open, .at_least = 1, .limit = LOOKED_AT };
  for (size_t i = 0; wishes && wishes[i] && i < WISHES_TAKEN; i++)
    g_string_append_printf (text, "%s ", wishes[i]);
  if (!catch_up (jobs, db, error))
    return NULL;
  query.words = fulltext_words (text_of (text->str), arena, &query.n_words, NULL);
  if (!query.words || !query.n_words) /* more of them than anybody looks for: none */
    return arena_new0 (arena, FulltextAnswer, 1);
  return fulltext_search (jobs->index->fulltext, &query, arena, error);
}

const JobsFound *
jobs_search (Jobs *jobs, Arena *arena, const JobsSearch *search, GError **error)
{
  static const unsigned facets[] = { PLACE, KIND };
  JobsFound *found = arena_new0 (arena, JobsFound, 1);
  Filters filters;
  g_autoptr (StoreReader) reader = check_search (search, error) ? store_reader (jobs->store, error) : NULL;
  if (!reader || !catch_up (jobs, store_reader_db (reader), error))
    return NULL;
  make_filters (jobs, search, &filters);
  if (filters.nothing)
    return found;
  FulltextQuery query = { .n_filters = filters.n,
                          .filters = filters.filters,
                          .n_facets = G_N_ELEMENTS (facets),
                          .facets = facets,
                          .first = search->from };
  query.limit = MIN (CLAMP (search->limit, 1, JOBS_SEARCH_MAX), JOBS_FOUND_MAX - search->from);
  query.words = fulltext_words (text_of (search->text), arena, &query.n_words, error);
  const FulltextAnswer *answer
      = query.words ? fulltext_search (jobs->index->fulltext, &query, arena, error) : NULL;
  return answer && read_page (store_reader_db (reader), jobs, arena, answer, found, error) ? found : NULL;
}
