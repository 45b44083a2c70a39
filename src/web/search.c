/* Finding a subject, on a page and for programs.  What is looked for comes in the
 * body, so that it stands in no address, history or log. */
#include "web/handlers.h"
#include "web/pages.h"

#include <string.h>

enum { ROWS_PER_PAGE = 20 };

static const struct {
  const char *entity, *path;
} lists[] = {
  { "resident", "/residents" }, { "household", "/households" }, { "organisation", "/organisations" },
  { "park", "/parks" },         { "school", "/schools" },       { "place", "/places" },
};

/* ---- what is asked ----------------------------------------------------- */

/* The entity that places are, for subjects of ENTITY; NULL when they have none. */
static const RegistryEntity *
place_entity (const WebRequest *request, const RegistryEntity *entity)
{
  if (!entity->township)
    return NULL;
  return entity->community ? entity->community->target
                           : registry_schema_entity (registry_schema (request->web->registry), "place");
}

static bool
read_after (const WebRequest *request, const char *after, Subject *subject, GError **error)
{
  *subject = 0;
  if (!after || !*after
      || registry_subject_parse (registry_schema (request->web->registry), text_of (after), subject))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "after=%s is no subject; ids look like resident-1", after);
  return false;
}

static const AccessHits *
search (const WebRequest *request, const RegistryEntity *entity, const RegistrySearch *what, GError **error)
{
  return access_search (request->web->access, request->arena, request->account, entity, what, "search_people",
                        error);
}

/* ---- the page ---------------------------------------------------------- */

static void
add_tabs (const WebRequest *request, const Page *page, SearchModel *m)
{
  SearchTab *tabs = arena_new0 (request->arena, SearchTab, G_N_ELEMENTS (lists));
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++) {
    const RegistryEntity *entity
        = registry_schema_entity (registry_schema (request->web->registry), lists[i].entity);
    if (entity)
      tabs[m->n_tabs++] = (SearchTab){ .path = lists[i].path,
                                       .label = page_label (page, entity->zh, entity->en),
                                       .open = entity == m->entity };
  }
  m->tabs = tabs;
}

/* The townships among the places, by name. */
static bool
read_townships (const WebRequest *request, SearchModel *m, GError **error)
{
  const RegistryEntity *places = place_entity (request, m->entity);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (SearchPlace));
  RegistrySearch all = { .limit = REGISTRY_HITS_MAX };
  const RegistryHits *hits = NULL;
  while (places && (!hits || hits->more)) {
    if (!(hits = registry_search (request->web->registry, request->arena, places, &all, error)))
      return false;
    for (size_t i = 0; i < hits->n; i++)
      if (hits->hits[i].label && g_strcmp0 (hits->hits[i].number, hits->hits[i].township) == 0)
        g_array_append_val (found, ((SearchPlace){ hits->hits[i].township, hits->hits[i].label }));
    all.after = hits->n ? hits->hits[hits->n - 1].subject : 0;
  }
  m->has_places = places;
  m->n_townships = found->len;
  m->townships = arena_copy (request->arena, found->data, found->len * sizeof (SearchPlace));
  return true;
}

static const char *
township_name (const SearchModel *m, const char *code)
{
  for (size_t i = 0; i < m->n_townships; i++)
    if (g_str_equal (m->townships[i].code, code))
      return m->townships[i].name;
  return code;
}

static void
make_rows (const WebRequest *request, SearchModel *m)
{
  SearchRow *rows = arena_new0 (request->arena, SearchRow, m->hits->n);
  for (size_t i = 0; i < m->hits->n; i++) {
    const AccessHit *hit = &m->hits->hits[i];
    rows[i] = (SearchRow){ registry_subject_format (request->arena, registry_schema (request->web->registry),
                                                    hit->subject),
                           township_name (m, hit->township), hit };
  }
  m->rows = rows;
  m->after = m->hits->more ? rows[m->hits->n - 1].id : NULL;
}

/* A place that is not known is the page's matter, not a fault. */
static bool
read_place (const WebRequest *request, SearchModel *m, Subject *place, GError **error)
{
  g_autoptr (GError) unknown = NULL;
  if (!m->place || !*m->place || !m->has_places
      || access_find_place (request->web->access, request->arena, place_entity (request, m->entity), m->place,
                            place, &unknown))
    return true;
  m->unknown_place = g_error_matches (unknown, FAULT, FAULT_INPUT);
  if (!m->unknown_place)
    g_propagate_error (error, g_steal_pointer (&unknown));
  return m->unknown_place;
}

static bool
find (const WebRequest *request, SearchModel *m, GError **error)
{
  RegistrySearch what = { .text = m->text, .limit = ROWS_PER_PAGE };
  if (!read_after (request, web_field (&request->form, "after"), &what.after, error)
      || !read_place (request, m, &what.place, error))
    return false;
  if (m->unknown_place)
    return true;
  m->hits = search (request, m->entity, &what, error);
  if (m->hits)
    make_rows (request, m);
  return m->hits;
}

static const RegistryEntity *
entity_of_path (const WebRequest *request)
{
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    if (g_str_equal (lists[i].path, request->path))
      return registry_schema_entity (registry_schema (request->web->registry), lists[i].entity);
  return NULL;
}

bool
handle_search (WebRequest *request, WebResponse *response, GError **error)
{
  SearchModel m = { .entity = entity_of_path (request),
                    .text = web_field (&request->form, "text"),
                    .place = web_field (&request->form, "place") };
  if (!m.entity) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the package's registry.yaml has no entity for %s",
                 request->path);
    return false;
  }
  m.has_phone = m.entity->phone;
  if (!read_townships (request, &m, error) || !find (request, &m, error)
      || !registry_count (request->web->registry, m.entity, &m.n_all, error))
    return false;
  Page page = web_page (request, NULL, NAV_STAFF);
  page.title
      = message_text (request->arena, request->language, MESSAGE_search_title__entity,
                      (HtmlValue[]){ html_value_string (page_label (&page, m.entity->zh, m.entity->en)) }, 1);
  add_tabs (request, &page, &m);
  page_search (response->body, &page, &m);
  return true;
}

/* ---- for programs ------------------------------------------------------ */

static bool
read_search (const WebRequest *request, const RegistryEntity **entity, RegistrySearch *what, GError **error)
{
  const char *name = web_field (&request->form, "entity"), *place = web_field (&request->form, "place"),
             *limit = web_field (&request->form, "limit");
  guint64 number = ROWS_PER_PAGE;
  *entity = registry_schema_entity (registry_schema (request->web->registry), name ? name : "resident");
  *what = (RegistrySearch){ .text = web_field (&request->form, "text") };
  if (!*entity) {
    g_set_error (error, FAULT, FAULT_INPUT, "entity=%s: there is no such entity", name);
    return false;
  }
  if (limit && !g_ascii_string_to_unsigned (limit, 10, 1, REGISTRY_HITS_MAX, &number, NULL)) {
    g_set_error (error, FAULT, FAULT_INPUT, "limit=%s is no number from 1 to %d", limit, REGISTRY_HITS_MAX);
    return false;
  }
  what->limit = (size_t)number;
  const RegistryEntity *places = place_entity (request, *entity);
  if (place && !places) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s has no place to search by", (*entity)->id);
    return false;
  }
  return read_after (request, web_field (&request->form, "after"), &what->after, error)
         && (!place
             || access_find_place (request->web->access, request->arena, places, place, &what->place, error));
}

bool
handle_api_search (WebRequest *request, WebResponse *response, GError **error)
{
  const RegistryEntity *entity;
  RegistrySearch what;
  const AccessHits *hits
      = read_search (request, &entity, &what, error) ? search (request, entity, &what, error) : NULL;
  if (!hits)
    return false;
  response->content_type = "application/json";
  JsonWriter *w = json_writer_new (response->body, 2);
  access_hits_json (w, registry_schema (request->web->registry), entity, hits);
  json_writer_free (w);
  return true;
}
