/* Jury scores: a table of one row for each entry and juror becomes a fact of each entry, from which the
 * clause's own decisions rank.  The whole table each time: what was handed in before is replaced, and stays
 * on record. */
#include "draws/draws_private.h"

#include <string.h>

enum { JUROR_MOST = 60 };

typedef struct {
  BookRow *row;
  const char *juror;
  bool excused;
  gint64 score; /* at the attribute's scale */
} Score;

typedef struct {
  Draws *draws;
  const AccessAccount *who;
  Arena *arena;
  const PolicyScores *rule;
  gint64 round, now;
  Text text;
  DrawRow row;
  Book book;
  GArray *scores; /* of Score */
  gint64 at;      /* the row that is read */
  StoreOnce once;
  gint64 n;
} Scoring;

static bool fault (const Scoring *s, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static bool
fault (const Scoring *s, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, FAULT, FAULT_INPUT, "row %" G_GINT64_FORMAT ": %s", s->at, message);
  return false;
}

/* ---- the table ----------------------------------------------------------------- */

static bool
read_score (const Scoring *s, Text text, Score *score, GError **error)
{
  const RegistryAttribute *attribute = s->rule->score;
  RegistryFact fact = { 0 };
  gint64 one = 1;
  score->excused = text_equal (text, TEXT_LITERAL ("回避")) || text_equal (text, TEXT_LITERAL ("excused"));
  if (score->excused)
    return true;
  for (int i = 0; i < attribute->scale; i++)
    one *= 10;
  if (text.len
      && registry_fact_parse (policy_schema (s->draws->options.package), attribute, text, &fact, NULL)
      && fact.state == REGISTRY_VALUE && fact.integer >= s->rule->least * one
      && fact.integer <= s->rule->most * one) {
    score->score = fact.integer;
    return true;
  }
  return fault (s, error,
                "\"%.*s\" is no score from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                " with at most %d decimals, nor 回避",
                (int)text.len, text.bytes, s->rule->least, s->rule->most, attribute->scale);
}

static bool
take_row (Scoring *s, Text line, GError **error)
{
  g_autofree char *copy = g_strndup (line.bytes, line.len);
  g_auto (GStrv) cells = g_strsplit (copy, ",", 0);
  Score score = { 0 };
  if (g_strv_length (cells) != 3)
    return fault (s, error, "a row is an application, a juror and a score, as 3-0001,评委甲,88.5");
  for (char **cell = cells; *cell; cell++)
    g_strstrip (*cell);
  score.row = book_find (&s->book, cells[0], NULL);
  if (!score.row || score.row->a.standing != DRAWS_STANDING)
    return fault (s, error, "no application %s stands in this round", cells[0]);
  if (!*cells[1] || g_utf8_strlen (cells[1], -1) > JUROR_MOST)
    return fault (s, error, "a juror is a name of at most %d characters", JUROR_MOST);
  score.juror = arena_text (s->arena, text_of (cells[1]));
  if (!read_score (s, text_of (cells[2]), &score, error))
    return false;
  g_array_append_val (s->scores, score);
  return true;
}

static gint
by_entry (gconstpointer a, gconstpointer b)
{
  const Score *x = a, *y = b;
  int order = (x->row > y->row) - (x->row < y->row);
  return order ? order : strcmp (x->juror, y->juror);
}

/* Everybody has a row of each juror, once. */
static bool
check_complete (const Scoring *s, GError **error)
{
  g_autoptr (GHashTable) jurors = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *of_row = g_new0 (guint, MAX (s->book.n, 1));
  const Score *scores = (const Score *)(const void *)s->scores->data;
  for (guint i = 0; i < s->scores->len; i++) {
    g_hash_table_add (jurors, (gpointer)scores[i].juror);
    of_row[scores[i].row - s->book.rows]++;
    if (i && by_entry (&scores[i - 1], &scores[i]) == 0) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s has two scores of %s", scores[i].row->a.number,
                   scores[i].juror);
      return false;
    }
  }
  for (size_t i = 0; i < s->book.n; i++)
    if (s->book.rows[i].a.standing == DRAWS_STANDING && of_row[i] != g_hash_table_size (jurors)) {
      g_set_error (
          error, FAULT, FAULT_INPUT,
          "%s has rows of %u jurors, and there are %u: a juror who takes no part in an entry has 回避",
          s->book.rows[i].a.number, of_row[i], g_hash_table_size (jurors));
      return false;
    }
  return true;
}

static bool
read_table (Scoring *s, GError **error)
{
  Text line;
  for (Text rest = s->text; draws_next_line (&rest, &s->at, &line);)
    if (!(s->at == 1 && text_starts_with (line, "application")) && !take_row (s, line, error))
      return false;
  if (!s->scores->len) {
    g_set_error (error, FAULT, FAULT_INPUT, "there is no row");
    return false;
  }
  g_array_sort (s->scores, by_entry);
  return check_complete (s, error);
}

/* ---- facts ---------------------------------------------------------------------- */

/* Of the N scores of one entry: how many count, and what they come to, rounded half up; a trimmed mean
 * leaves the highest and the lowest out where there are three. */
static gint64
sum_up (const Scoring *s, const Score *scores, guint n, gint64 *value)
{
  gint64 sum = 0, given = 0, least = G_MAXINT64, most = G_MININT64;
  for (guint i = 0; i < n; i++) {
    if (scores[i].excused)
      continue;
    sum += scores[i].score;
    least = MIN (least, scores[i].score);
    most = MAX (most, scores[i].score);
    given++;
  }
  bool trim = s->rule->as == POLICY_SCORES_TRIMMED && given >= 3;
  gint64 counted = trim ? given - 2 : given;
  sum -= trim ? least + most : 0;
  *value = counted ? (2 * sum + counted) / (2 * counted) : 0; /* scores are not below 0 */
  return given;
}

static bool
record (Scoring *s, RegistryWriter *writer, RegistryBatchId batch, const Score *scores, guint n,
        GError **error)
{
  gint64 value, given = sum_up (s, scores, n, &value);
  RegistryFact facts[] = { { .attribute = s->rule->score, .state = given ? REGISTRY_VALUE : REGISTRY_NONE },
                           { .attribute = s->rule->jurors, .state = REGISTRY_VALUE, .integer = given } };
  facts[0].integer = value;
  return registry_writer_append (writer, batch, scores[0].row->applicant, s->row.round.deadline,
                                 REGISTRY_FOREVER, facts, G_N_ELEMENTS (facts), error);
}

static bool
record_all (StoreConnection *db, Scoring *s, GError **error)
{
  g_autofree char *evidence = g_strdup_printf ("jury scores of round %" G_GINT64_FORMAT, s->round);
  g_autoptr (RegistryWriter) writer = registry_writer_join (s->draws->options.registry, db, error);
  RegistryBatch about = {
    .source = s->rule->score->source, .actor = s->who->name, .evidence = evidence, .recorded_at = s->now
  };
  RegistryBatchId batch = writer ? registry_writer_batch (writer, &about, error) : 0;
  const Score *scores = (const Score *)(const void *)s->scores->data;
  bool good = batch != 0;
  for (guint from = 0, to; good && from < s->scores->len; from = to) {
    for (to = from; to < s->scores->len && scores[to].row == scores[from].row;)
      to++;
    good = record (s, writer, batch, scores + from, to - from, error);
    s->n++;
  }
  return good && registry_writer_commit (writer, error);
}

/* ---- writing --------------------------------------------------------------------- */

static bool
clear_scores (StoreConnection *db, gint64 round, GError **error)
{
  StoreStatement *q = store_statement (db, "DELETE FROM draw_score WHERE round = ?1", error);
  if (!q)
    return false;
  store_bind_integer (q, 1, round);
  return store_run (q, error);
}

static bool
keep_score (StoreConnection *db, const Scoring *s, const Score *score, GError **error)
{
  StoreStatement *q = store_statement (
      db, "INSERT INTO draw_score (round, application, juror, excused, score) VALUES (?1, ?2, ?3, ?4, ?5)",
      error);
  if (!q)
    return false;
  store_bind_integer (q, 1, s->round);
  store_bind_integer (q, 2, score->row->a.id);
  store_bind_text (q, 3, score->juror);
  store_bind_integer (q, 4, score->excused);
  store_bind_integer (q, 5, score->score);
  return store_run (q, error);
}

static bool
keep_all (StoreConnection *db, const Scoring *s, GError **error)
{
  const Score *scores = (const Score *)(const void *)s->scores->data;
  for (guint i = 0; i < s->scores->len; i++)
    if (!keep_score (db, s, &scores[i], error)
        || ((!i || scores[i].row != scores[i - 1].row)
            && !draws_note (db, s->who, "score", s->round, scores[i].row->applicant, error)))
      return false;
  return true;
}

static bool
check_time (const Scoring *s, GError **error)
{
  if (s->row.round.state == DRAWS_OPEN && civil_day_of (s->now) > s->row.round.deadline)
    return true;
  return draws_refuse (
      error, FAULT_CONFLICT,
      "scores are handed in after the last day for applications, and before the list is closed");
}

static bool
write_scores (StoreConnection *db, gpointer data, GError **error)
{
  Scoring *s = data;
  if (!store_once_look (db, &s->once, &s->n, error))
    return false;
  if (s->n)
    return true;
  if (!round_row_find (db, s->draws, s->arena, s->round, &s->row, error)
      || !book_read (db, s->arena, &s->row, &s->book, error))
    return false;
  s->rule = s->book.allocation->scores;
  if (!draws_check_office (s->who, s->book.allocation, error))
    return false;
  if (!s->rule)
    return draws_refuse (error, FAULT_CONFLICT, "the clause ranks without jury scores here");
  return check_time (s, error) && read_table (s, error) && clear_scores (db, s->round, error)
         && keep_all (db, s, error) && record_all (db, s, error)
         && store_once_remember (db, &s->once, s->n, s->now, error);
}

bool
draws_score (Draws *draws, const AccessAccount *who, gint64 round, Text text, const char *key, size_t *n,
             GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Scoring s = { .draws = draws, .who = who, .arena = arena, .round = round, .text = text };
  Digest *digest = digest_new ();
  *n = 0;
  s.now = draws_now (draws);
  digest_integer (digest, round);
  digest_text (digest, arena_text (arena, text));
  s.once = (StoreOnce){ who->name, "draws-score", key, digest_end (digest, arena) };
  s.scores = g_array_new (FALSE, FALSE, sizeof (Score));
  bool good = store_write (draws->store, write_scores, &s, error);
  g_array_unref (s.scores);
  *n = good ? (size_t)s.n : 0;
  return good;
}

/* ---- reading --------------------------------------------------------------------------- */

static const DrawsScore *
list_scores (StoreConnection *db, Arena *arena, gint64 round, size_t *n, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DrawsScore));
  StoreStatement *q
      = store_statement (db,
                         "SELECT a.number, s.juror, s.excused, s.score FROM draw_score s, draw_application a"
                         " WHERE s.round = ?1 AND a.id = s.application ORDER BY a.id, s.juror",
                         error);
  if (!q)
    return NULL;
  store_bind_integer (q, 1, round);
  StoreStep step;
  while ((step = store_step (q, error)) == STORE_ROW) {
    DrawsScore one = { .number = store_string (q, 0, arena),
                       .juror = store_string (q, 1, arena),
                       .excused = store_integer (q, 2) != 0,
                       .score = store_integer (q, 3) };
    g_array_append_val (all, one);
  }
  *n = all->len;
  return step == STORE_DONE ? draws_keep (arena, all) : NULL;
}

const DrawsScore *
draws_scores (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n, GError **error)
{
  DrawRow row;
  *n = 0;
  g_autoptr (StoreReader) reader = store_reader (draws->store, error);
  if (!reader || !round_row_find (store_reader_db (reader), draws, arena, round, &row, error)
      || !draws_check_office (who, row.round.allocation, error))
    return NULL;
  return list_scores (store_reader_db (reader), arena, round, n, error);
}
