/* Who suits whom: pages and interface. */
#include "web/handlers.h"
#include "web/jobs_parts.h"
#include "web/pages.h"

enum { SHOWN = 20 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* As many as the query's "top" says. */
static size_t
top_of (const WebRequest *request)
{
  guint64 top;
  const char *given = web_field (&request->query, "top");
  return given && g_ascii_string_to_unsigned (given, 10, 1, MARKET_TOP_MAX, &top, NULL) ? (size_t)top : SHOWN;
}

static const JobsMatches *
own_matches (const WebRequest *request, GError **error)
{
  return jobs_of (request, error) ? jobs_matches (request->jobs, request->arena, request->account,
                                                  request->account->subject, top_of (request), error)
                                  : NULL;
}

/* ---- what is missing, and who teaches it ------------------------------------------------------- */

enum { GAPS_SHOWN = 6, COURSES_SHOWN = 5 };

static void
count_gaps (const JobsMatch *matches, size_t n, GArray *courses)
{
  for (size_t i = 0; i < n; i++)
    for (size_t g = 0; g < matches[i].n_gaps; g++) {
      const JobsGap *gap = &matches[i].gaps[g];
      guint at = 0;
      while (at < courses->len
             && g_strcmp0 (g_array_index (courses, JobCourses, at).gap->code, gap->code) != 0)
        at++;
      JobCourses one = { .gap = gap };
      if (gap->code && at == courses->len)
        g_array_append_val (courses, one);
      if (gap->code)
        g_array_index (courses, JobCourses, at).n_posts++;
    }
}

/* Certificates first, which a post may not be held without; then what most posts ask for. */
static gint
by_weight (gconstpointer a, gconstpointer b)
{
  const JobCourses *x = a, *y = b;
  if (x->gap->is_certificate != y->gap->is_certificate)
    return y->gap->is_certificate - x->gap->is_certificate;
  return (x->n_posts < y->n_posts) - (x->n_posts > y->n_posts);
}

/* The package may have no market of training. */
static bool
find_courses (const WebRequest *request, JobMatchesModel *m, GError **error)
{
  g_autoptr (GArray) courses = g_array_new (FALSE, FALSE, sizeof (JobCourses));
  count_gaps (m->matches->within, m->matches->n_within, courses);
  count_gaps (m->matches->matches, m->matches->n, courses);
  g_array_sort (courses, by_weight);
  g_array_set_size (courses, MIN (courses->len, GAPS_SHOWN));
  for (guint i = 0; i < courses->len; i++) {
    JobCourses *one = &g_array_index (courses, JobCourses, i);
    PairsWish wish = { "training", one->gap->is_certificate ? "certificates" : "skills", one->gap->code,
                       MARKET_OFFERS, COURSES_SHOWN };
    one->entries = pairs_saying (request->pairs, request->arena, request->account, &wish, &one->n, error);
    if (!one->entries)
      return false;
  }
  bool has_training = pairs_market (request->pairs, "training", NULL);
  m->n_courses = has_training ? courses->len : 0;
  m->courses
      = courses->len ? arena_copy (request->arena, courses->data, courses->len * sizeof (JobCourses)) : NULL;
  return true;
}

/* ---- pages ------------------------------------------------------------------------------------ */

/* Without a profile the page says what to do. */
bool
handle_job_matches (WebRequest *request, WebResponse *response, GError **error)
{
  GError *fault = NULL;
  JobMatchesModel m = { .matches = own_matches (request, &fault) };
  if (fault && !(request->jobs && g_error_matches (fault, FAULT, FAULT_NOT_FOUND))) {
    g_propagate_error (error, fault);
    return false;
  }
  g_clear_error (&fault);
  if (m.matches
      && (!find_courses (request, &m, error)
          || !(m.services
               = jobs_services (request->jobs, request->arena, request->account, &m.n_services, error))))
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_matches_title), NAV_JOBS);
  page_job_matches (response->body, &page, &m);
  return true;
}

static const JobsMatches *
candidates (const WebRequest *request, gint64 *id, GError **error)
{
  return job_id (request, 0, id, error)
             ? jobs_candidates (request->jobs, request->arena, request->account, *id, top_of (request), error)
             : NULL;
}

bool
handle_job_candidates (WebRequest *request, WebResponse *response, GError **error)
{
  JobMatchesModel m = { 0 };
  gint64 id;
  if (!(m.matches = candidates (request, &id, error))
      || !(m.post = jobs_post (request->jobs, request->arena, request->account, id, error)))
    return false;
  m.employer
      = request->account && jobs_may_advertise (request->jobs, request->account, m.post->says.employer, NULL);
  Page page = web_page (request, SAY (request, MESSAGE_matches_candidates), NAV_JOBS);
  page_job_candidates (response->body, &page, &m);
  return true;
}

/* ---- words, as one types ------------------------------------------------------------------------ */

/* "occupation" unless "kind" says otherwise. */
static bool
kind_of (const char *id, VocabularyKind *kind)
{
  for (int k = 0; k < VOCABULARY_KINDS; k++)
    if (g_str_equal (id, vocabulary_kind_id ((VocabularyKind)k))) {
      *kind = (VocabularyKind)k;
      return true;
    }
  return false;
}

bool
handle_api_words (WebRequest *request, WebResponse *response, GError **error)
{
  enum { WORDS_SHOWN = 10 };
  const char *typed = web_field (&request->query, "q"), *id = web_field (&request->query, "kind");
  const Vocabulary *words = jobs_of (request, error) ? jobs_words (request->jobs) : NULL;
  VocabularyKind kind = VOCABULARY_OCCUPATION;
  size_t n, n_all;
  if (!request->jobs)
    return false;
  if (!words || !typed || (id && !kind_of (id, &kind))) {
    g_set_error (error, FAULT, words ? FAULT_INPUT : FAULT_NOT_FOUND,
                 words ? "q is what was typed so far; kind is occupation, skill or certificate"
                       : "the package has no words of work");
    return false;
  }
  const VocabularyConcept *all = vocabulary_concepts (words, &n_all);
  const guint32 *best = vocabulary_suggest (words, request->arena, text_of (typed), kind, WORDS_SHOWN, &n);
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "words");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_str (w, "code", all[best[i]].code);
    json_member_str (w, "zh", all[best[i]].zh);
    json_member_str (w, "en", all[best[i]].en);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

/* ---- for programs ------------------------------------------------------------------------------- */

static bool
write_matches (WebResponse *response, const JobsMatches *matches)
{
  if (!matches)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  jobs_write_matches (w, matches);
  json_end_object (w);
  return true;
}

bool
handle_api_job_matches (WebRequest *request, WebResponse *response, GError **error)
{
  return write_matches (response, own_matches (request, error));
}

bool
handle_api_job_candidates (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return write_matches (response, candidates (request, &id, error));
}

bool
handle_api_job_match (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return job_id (request, 0, &id, error)
         && write_matches (response, jobs_match (request->jobs, request->arena, request->account,
                                                 request->account->subject, id, error));
}
