/* Who suits whom, and why. */
#include "jobs/matching_private.h"

/* Rows of a board's run for a seeker; how many posts are looked at for what is within reach. */
enum { THEMSELVES, IF_CERTIFIED, WITHIN_LOOKED = MARKET_TOP_MAX, SAME_MOST = 2 };

typedef struct {
  Jobs *jobs;
  Arena *arena;
  StoreConnection *db;
  const AccessAccount *who;
  gint64 profile;            /* the seeker's */
  const char *const *wishes; /* likewise */
  BoardRun *run;
  JobsMatches *out;
} Matching;

static bool
check_board (const Jobs *jobs, GError **error)
{
  return jobs->board
         || jobs_refuse (error, FAULT_NOT_FOUND, "the package has no market of jobs (markets/jobs.yaml)");
}

const Vocabulary *
jobs_words (const Jobs *jobs)
{
  return jobs->board ? meaning_words (board_meaning (jobs->board)) : NULL;
}

/* ---- gaps -------------------------------------------------------------------------------------- */

static size_t
column (const Market *market, MarketSide side, const char *id)
{
  size_t c = 0;
  while (c < market->sides[side].n && !g_str_equal (market->sides[side].columns[c].id, id))
    c++;
  return c;
}

/* What the offer's column ID has and the seeker's of the same name has not. */
static void
add_gaps (const Matching *m, guint32 seeker, guint32 offer, int space, GArray *gaps)
{
  static const char *const ids[] = { [SPACE_SKILL] = "skills", [SPACE_CERTIFICATE] = "certificates" };
  const Market *market = m->out->market;
  size_t of_seeker = column (market, MARKET_SEEKERS, ids[space]),
         of_offer = column (market, MARKET_OFFERS, ids[space]);
  if (of_seeker == market->sides[MARKET_SEEKERS].n || of_offer == market->sides[MARKET_OFFERS].n)
    return;
  const MarketValues *has = &m->run->input.values[MARKET_SEEKERS][of_seeker],
                     *asks = &m->run->input.values[MARKET_OFFERS][of_offer];
  for (guint32 a = asks->starts[offer]; a < asks->starts[offer + 1]; a++) {
    guint32 h = has->starts[seeker];
    while (h < has->starts[seeker + 1] && has->concepts[h] != asks->concepts[a])
      h++;
    if (h < has->starts[seeker + 1])
      continue;
    const char *name = m->run->input.spaces[space].names[asks->concepts[a]];
    const VocabularyConcept *known
        = meaning_concept (board_meaning (m->jobs->board), space, asks->concepts[a]);
    JobsGap gap = { { arena_text (m->arena, text_of (name)), known ? known->en : name },
                    known ? known->code : NULL,
                    space == SPACE_CERTIFICATE,
                    known && known->law ? known->law : "" };
    g_array_append_val (gaps, gap);
  }
}

static void
find_gaps (const Matching *m, guint32 seeker, guint32 offer, JobsMatch *match)
{
  g_autoptr (GArray) gaps = g_array_new (FALSE, FALSE, sizeof (JobsGap));
  add_gaps (m, seeker, offer, SPACE_CERTIFICATE, gaps);
  add_gaps (m, seeker, offer, SPACE_SKILL, gaps);
  match->n_gaps = gaps->len;
  match->gaps = jobs_keep (m->arena, gaps);
}

/* ---- for a seeker -------------------------------------------------------------------------------- */

/* Posts near home are for those whom the clause names; a package may not have that provision. */
static bool
recommend_home (const Matching *m, Subject seeker, SeekerRecord *record, GError **error)
{
  const PolicyProvision *provision = policy_provision (m->jobs->clause, "near-home");
  PolicyOutcome outcome = POLICY_NO;
  if (provision && !seeker_determine (m->jobs, m->arena, m->who, seeker, provision, &outcome, error))
    return false;
  if (outcome != POLICY_YES)
    record->home = NULL;
  return true;
}

/* The run of SEEKER and POST, or (NULL) all that are open; into M. */
static bool
look_for (Matching *m, Subject seeker, const JobsPost *post, GError **error)
{
  JobsProfile profile;
  SeekerRecord record;
  bool found;
  if (!seeker_read (m->jobs, m->arena, m->who, seeker, &record, error)
      || !profile_find (m->db, m->jobs, m->arena, seeker, 0, &profile, &found, error))
    return false;
  if (!found)
    return jobs_refuse (error, FAULT_NOT_FOUND, "there is no profile yet");
  if (!recommend_home (m, seeker, &record, error))
    return false;
  BoardAsk ask = { .profile = &profile, .record = &record, .post = post };
  m->profile = profile.id;
  m->wishes = profile.occupations;
  m->run = board_run (m->jobs, m->db, &ask, error);
  return m->run;
}

static bool
begin (Matching *m, Jobs *jobs, Arena *arena, const AccessAccount *who, StoreReader *reader)
{
  *m = (Matching){ .jobs = jobs, .arena = arena, .who = who, .db = store_reader_db (reader) };
  m->out = arena_new0 (arena, JobsMatches, 1);
  m->out->market = board_market (jobs->board);
  return true;
}

/* Row OFFER as it suits the seeker's row AS_WHOM, into MATCH; *KEPT: not when it is closed meanwhile. */
static bool
tell_post (const Matching *m, guint32 as_whom, guint32 offer, JobsMatch *match, bool *kept, GError **error)
{
  JobsPost *post = arena_new0 (m->arena, JobsPost, 1);
  if (!post_look (m->db, m->jobs, m->arena, m->run->ids[MARKET_OFFERS][offer], post, kept, error))
    return false;
  *kept = *kept && post->taking;
  *match = (JobsMatch){ .post = post, .reasons = market_explain (m->run->run, m->arena, as_whom, offer) };
  find_gaps (m, THEMSELVES, offer, match);
  return true;
}

/* A post that may be shown. */
typedef struct {
  guint32 row;
  unsigned score, mutual, words;
  unsigned order; /* as the market's, words being a part more */
  bool surfaced;
} Candidate;

static bool
tell_posts (const Matching *m, const Candidate *top, size_t n, GError **error)
{
  JobsMatch *matches = arena_new0 (m->arena, JobsMatch, MAX (n, 1));
  for (size_t i = 0; i < n; i++) {
    bool kept;
    if (!tell_post (m, THEMSELVES, top[i].row, &matches[m->out->n], &kept, error))
      return false;
    matches[m->out->n].surfaced = top[i].surfaced;
    matches[m->out->n].words = (guint8)top[i].words;
    m->out->n += kept;
  }
  m->out->matches = matches;
  m->out->n_looked = m->run->input.n[MARKET_OFFERS];
  return true;
}

/* How many of WITHIN need the same certificates as MATCH. */
static size_t
alike (const JobsMatch *within, size_t n, const JobsMatch *match)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    size_t g = 0;
    while (g < match->n_gaps && match->gaps[g].is_certificate && g < within[i].n_gaps
           && within[i].gaps[g].is_certificate
           && g_str_equal (within[i].gaps[g].name.zh, match->gaps[g].name.zh))
      g++;
    count += (g == match->n_gaps || !match->gaps[g].is_certificate)
             && (g == within[i].n_gaps || !within[i].gaps[g].is_certificate);
  }
  return count;
}

/* Of what would suit them with every certificate, what they may not have as they are; of those
 * that need the same no more than SAME_MOST, so that there is a choice. */
static bool
tell_within (const Matching *m, const MarketMatch *top, size_t n, GError **error)
{
  JobsMatch *within = arena_new0 (m->arena, JobsMatch, JOBS_WITHIN_MAX);
  for (size_t i = 0; i < n && m->out->n_within < JOBS_WITHIN_MAX; i++) {
    bool kept = market_explain (m->run->run, m->arena, THEMSELVES, top[i].row)->outcome != MARKET_QUALIFIED;
    if (kept && !tell_post (m, IF_CERTIFIED, top[i].row, &within[m->out->n_within], &kept, error))
      return false;
    m->out->n_within += kept && alike (within, m->out->n_within, &within[m->out->n_within]) < SAME_MOST;
  }
  m->out->within = within;
  return true;
}

static gint
best_first (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  unsigned of_x = x->score + x->words, of_y = y->score + y->words;
  if (x->order != y->order)
    return x->order > y->order ? -1 : 1;
  return of_x != of_y ? (of_x > of_y ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

/* The row of the run that has post ID; its number of rows: none. */
static guint32
row_of (const BoardRun *run, gint64 id)
{
  guint32 from = 0, to = (guint32)run->input.n[MARKET_OFFERS];
  while (from < to) {
    guint32 middle = from + (to - from) / 2;
    if (run->ids[MARKET_OFFERS][middle] < id)
      from = middle + 1;
    else
      to = middle;
  }
  return from < run->input.n[MARKET_OFFERS] && run->ids[MARKET_OFFERS][from] == id
             ? from
             : (guint32)run->input.n[MARKET_OFFERS];
}

/* A post that words were found in: points more where it is there, another where the law lets them have it. */
static void
add_words (const Matching *m, guint32 row, unsigned words, GArray *candidates)
{
  for (guint i = 0; i < candidates->len; i++) {
    Candidate *one = &g_array_index (candidates, Candidate, i);
    if (one->row == row) {
      one->words = words;
      return;
    }
  }
  const MarketReasons *why = market_explain (m->run->run, m->arena, THEMSELVES, row);
  Candidate one = { .row = row, .score = why->score, .mutual = why->mutual, .words = words };
  if (why->outcome == MARKET_QUALIFIED)
    g_array_append_val (candidates, one);
}

static bool
gather (const Matching *m, GArray *candidates, GError **error)
{
  MarketMatch top[MARKET_TOP_MAX];
  size_t n = market_top (m->run->run, MARKET_SEEKERS, THEMSELVES, MARKET_TOP_MAX, top);
  const FulltextAnswer *found = search_wishes (m->jobs, m->db, m->arena, m->wishes, error);
  if (!found)
    return false;
  for (size_t i = 0; i < n; i++) {
    Candidate one = { .row = top[i].row, .score = top[i].score, .mutual = top[i].mutual };
    g_array_append_val (candidates, one);
  }
  for (size_t i = 0; i < found->n_hits; i++) {
    guint32 row = row_of (m->run, (gint64)found->hits[i].id);
    double share = found->hits[i].score / found->hits[0].score;
    if (row < m->run->input.n[MARKET_OFFERS])
      add_words (m, row, (unsigned)(JOBS_WORDS_POINTS * share + 0.5), candidates);
  }
  return true;
}
static void
put_in_order (const Matching *m, GArray *candidates)
{
  const Market *market = m->out->market;
  for (guint i = 0; i < candidates->len; i++) {
    Candidate *one = &g_array_index (candidates, Candidate, i);
    unsigned score = one->score + one->words;
    one->order
        = market->mutual ? market_rank (score, market_most (market) + JOBS_WORDS_POINTS, one->mutual) : score;
  }
  g_array_sort (candidates, best_first);
}

/* The post that was brought to them, where it is not there and they may still have it: as the last of K. */
static bool
add_brought (const Matching *m, GArray *candidates, size_t k, GError **error)
{
  gint64 id;
  g_array_set_size (candidates, MIN (candidates->len, (guint)k));
  if (!number_of (m->db, "SELECT post FROM jobs_brought WHERE profile = ?1", &m->profile, 1, &id, error))
    return false;
  guint32 row = id ? row_of (m->run, id) : (guint32)m->run->input.n[MARKET_OFFERS];
  for (guint i = 0; i < candidates->len; i++)
    if (g_array_index (candidates, Candidate, i).row == row)
      return true;
  if (row == m->run->input.n[MARKET_OFFERS]
      || market_explain (m->run->run, m->arena, THEMSELVES, row)->outcome != MARKET_QUALIFIED)
    return true;
  Candidate one = { .row = row, .surfaced = true };
  g_array_set_size (candidates, MIN (candidates->len, (guint)k - 1));
  g_array_append_val (candidates, one);
  return true;
}

const JobsMatches *
jobs_matches (Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker, size_t k, GError **error)
{
  g_autoptr (StoreReader) reader = check_board (jobs, error) ? store_reader (jobs->store, error) : NULL;
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  MarketMatch top[WITHIN_LOOKED];
  Matching m;
  if (!reader || !begin (&m, jobs, arena, who, reader) || !look_for (&m, seeker, NULL, error))
    return NULL;
  g_autoptr (BoardRun) run = m.run;
  if (!gather (&m, candidates, error))
    return NULL;
  put_in_order (&m, candidates);
  if (!add_brought (&m, candidates, CLAMP (k, 1, MARKET_TOP_MAX), error)
      || !tell_posts (&m, (const Candidate *)(void *)candidates->data, candidates->len, error))
    return NULL;
  size_t n = market_top (run->run, MARKET_SEEKERS, IF_CERTIFIED, WITHIN_LOOKED, top);
  return tell_within (&m, top, n, error) ? m.out : NULL;
}

const JobsMatches *
jobs_match (Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker, gint64 post, GError **error)
{
  static const Candidate only = { .row = 0 };
  const JobsPost *found = check_board (jobs, error) ? jobs_post (jobs, arena, who, post, error) : NULL;
  g_autoptr (StoreReader) reader = found ? store_reader (jobs->store, error) : NULL;
  Matching m;
  if (!reader || !begin (&m, jobs, arena, who, reader) || !look_for (&m, seeker, found, error))
    return NULL;
  g_autoptr (BoardRun) run = m.run;
  return tell_posts (&m, &only, 1, error) ? m.out : NULL;
}

/* ---- services ------------------------------------------------------------------------------------ */

const PolicyProvision *const *
jobs_services (Jobs *jobs, Arena *arena, const AccessAccount *who, size_t *n, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  *n = 0;
  if (!seeker_check (jobs, who, error))
    return NULL;
  for (size_t i = 0; i < jobs->clause->n_provisions; i++) {
    const PolicyProvision *p = &jobs->clause->provisions[i];
    PolicyOutcome outcome;
    if (p->subject != jobs->resident || !p->eligible || p->audience != POLICY_FOR_SUBJECT)
      continue;
    if (!seeker_determine (jobs, arena, who, who->subject, p, &outcome, error))
      return NULL;
    if (outcome == POLICY_YES)
      g_ptr_array_add (list, (gpointer)p);
  }
  *n = list->len;
  return arena_copy (arena, list->len ? list->pdata : (gpointer *)&arena,
                     MAX (list->len, 1) * sizeof (gpointer));
}

/* ---- for an employer ------------------------------------------------------------------------------ */

/* Who has hidden their profile meanwhile is left out. */
static bool
tell_people (const Matching *m, const MarketMatch *top, size_t n, AuditSet *seen, GError **error)
{
  JobsMatch *matches = arena_new0 (m->arena, JobsMatch, MAX (n, 1));
  for (size_t i = 0; i < n; i++) {
    JobsProfile *profile = arena_new0 (m->arena, JobsProfile, 1);
    gint64 id = m->run->ids[MARKET_SEEKERS][top[i].row], seeker;
    bool found;
    if (!profile_find (m->db, m->jobs, m->arena, 0, id, profile, &found, error)
        || !number_of (m->db, "SELECT seeker FROM jobs_profile WHERE id = ?1", &id, 1, &seeker, error))
      return false;
    if (!found || !profile->shown)
      continue;
    profile->name = access_mask_name (m->arena, profile->name);
    audit_set_add (seen, seeker);
    matches[m->out->n++]
        = (JobsMatch){ .profile = profile, .reasons = market_explain (m->run->run, m->arena, top[i].row, 0) };
  }
  m->out->matches = matches;
  m->out->n_looked = m->run->input.n[MARKET_SEEKERS];
  return true;
}

static bool
check_candidates (Jobs *jobs, const AccessAccount *who, const JobsPost *post, GError **error)
{
  return jobs_may_review (jobs, who) || who->role == ACCESS_OPERATOR
         || jobs_check_employer (jobs, who, post->says.employer, error);
}

const JobsMatches *
jobs_candidates (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id, size_t k, GError **error)
{
  g_autoptr (AuditSet) seen = audit_set_new ();
  g_autoptr (StoreReader) reader = check_board (jobs, error) ? store_reader (jobs->store, error) : NULL;
  MarketMatch top[MARKET_TOP_MAX];
  JobsPost post;
  Matching m;
  if (!reader || !begin (&m, jobs, arena, who, reader) || !post_find (m.db, jobs, arena, id, &post, error)
      || !check_candidates (jobs, who, &post, error))
    return NULL;
  g_autoptr (BoardRun) run = board_run (jobs, m.db, &(BoardAsk){ .post = &post }, error);
  if (!(m.run = run))
    return NULL;
  size_t n = market_top (run->run, MARKET_OFFERS, 0, CLAMP (k, 1, MARKET_TOP_MAX), top);
  if (!tell_people (&m, top, n, seen, error))
    return NULL;
  g_clear_pointer (&reader, store_reader_release);
  if (m.out->n && !record_read (jobs, who, AUDIT_SEARCH, 0, seen, "look through who suits a post", error))
    return NULL;
  return m.out;
}

/* ---- as JSON ---------------------------------------------------------------------------------------- */

static void
write_gaps (JsonWriter *w, const JobsMatch *match)
{
  json_member_array (w, "gaps");
  for (size_t i = 0; i < match->n_gaps; i++) {
    const JobsGap *gap = &match->gaps[i];
    json_begin_object (w);
    json_member_str (w, "kind", gap->is_certificate ? "certificate" : "skill");
    json_member_str (w, "code", gap->code);
    json_member_str (w, "zh", gap->name.zh);
    json_member_str (w, "en", gap->name.en);
    if (*gap->law)
      json_member_str (w, "law", gap->law);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_list (JsonWriter *w, const Market *market, const JobsMatch *matches, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    const JobsMatch *match = &matches[i];
    json_begin_object (w);
    if (match->post) {
      json_member_int (w, "post", match->post->id);
      json_member_str (w, "title", match->post->says.title);
      json_member_str (w, "employer", match->post->employer_name);
      json_member_int (w, "words", match->words);
      json_member_bool (w, "surfaced", match->surfaced);
      write_gaps (w, match);
    } else
      json_member_int (w, "profile", match->profile->id);
    json_key (w, "reasons");
    json_begin_object (w);
    market_write_reasons (w, market, match->reasons);
    json_end_object (w);
    json_end_object (w);
  }
  json_end_array (w);
}

void
jobs_write_matches (JsonWriter *w, const JobsMatches *matches)
{
  json_member_int (w, "looked_at", (gint64)matches->n_looked);
  json_member_array (w, "matches");
  write_list (w, matches->market, matches->matches, matches->n);
  json_member_array (w, "within_reach");
  write_list (w, matches->market, matches->within, matches->n_within);
}
