/* What people can apply for: the list of matters with a search by name and by who may apply,
 * and a guide to each with all its elements; pages and JSON. */
#include "web/determine.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/words.h"

#include <string.h>

/* ---- choosing ---------------------------------------------------------- */

/* Who applies: those who ask for the subject's sake, or the subject itself. */
static const RegistryEntity *
applicant_of (const PolicyMatter *matter)
{
  const PolicyProvision *provision = matter->provision;
  return provision->applicant ? provision->applicant->entity : provision->subject;
}

static bool
is_named (const char *folded, PolicyText name)
{
  g_autofree char *zh = g_utf8_casefold (name.zh, -1), *en = g_utf8_casefold (name.en, -1);
  return strstr (zh, folded) || strstr (en, folded);
}

/* Every kind of applicant that some matter has, once, in the order of the matters. */
static void
collect_kinds (Arena *arena, const PolicyMatter *const *matters, size_t n, ServicesModel *m)
{
  const RegistryEntity **kinds = arena_new0 (arena, const RegistryEntity *, n);
  for (size_t i = 0; i < n; i++) {
    const RegistryEntity *kind = applicant_of (matters[i]);
    size_t k = 0;
    while (k < m->n_kinds && kinds[k] != kind)
      k++;
    if (k == m->n_kinds)
      kinds[m->n_kinds++] = kind;
  }
  m->kinds = kinds;
}

static void
group_matters (Arena *arena, ServicesModel *m)
{
  ServiceGroup *groups = arena_new0 (arena, ServiceGroup, m->n);
  for (size_t i = 0; i < m->n; i++) {
    if (!i || m->matters[i]->clause != m->matters[i - 1]->clause)
      groups[m->n_groups++].matters = &m->matters[i];
    groups[m->n_groups - 1].n++;
  }
  m->groups = groups;
}

/* By "q" (part of a name) and "who" (an entity's id).  FAULT_INPUT: nobody of that kind applies. */
static bool
choose (const WebRequest *request, ServicesModel *m, GError **error)
{
  const char *text = web_field (&request->query, "q"), *who = web_field (&request->query, "who");
  g_autofree char *trimmed = text ? g_strstrip (g_strdup (text)) : NULL;
  g_autofree char *folded = trimmed && *trimmed ? g_utf8_casefold (trimmed, -1) : NULL;
  size_t n;
  const PolicyMatter *const *all = policy_matters (request->web->package, &n);
  *m = (ServicesModel){ .text = folded ? arena_text (request->arena, text_of (trimmed)) : NULL };
  collect_kinds (request->arena, all, n, m);
  for (size_t i = 0; who && i < m->n_kinds; i++)
    if (g_str_equal (m->kinds[i]->id, who))
      m->who = m->kinds[i];
  if (who && *who && !m->who) {
    g_set_error (error, FAULT, FAULT_INPUT, "who=%s: nobody of that kind applies; use resident, household …",
                 who);
    return false;
  }
  const PolicyMatter **matters = arena_new0 (request->arena, const PolicyMatter *, n);
  for (size_t i = 0; i < n; i++)
    if ((!m->who || applicant_of (all[i]) == m->who) && (!folded || is_named (folded, all[i]->name)))
      matters[m->n++] = all[i];
  m->matters = matters;
  group_matters (request->arena, m);
  return true;
}

/* The matter at /…/{clause}/{id}. */
static const PolicyMatter *
find_matter (const WebRequest *request, GError **error)
{
  const PolicyClause *clause = web_find_clause (request, request->captures[0], error);
  const PolicyMatter *matter = clause ? policy_clause_matter (clause, request->captures[1]) : NULL;
  if (clause && !matter)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "clause %d has no matter \"%s\"; /services lists them",
                 clause->number, request->captures[1]);
  return matter;
}

static bool
has_part (const PolicyMatter *bundle, const PolicyMatter *matter)
{
  for (size_t i = 0; i < bundle->n_parts; i++)
    if (bundle->parts[i] == matter)
      return true;
  return false;
}

/* The bundles that MATTER is a part of. */
static const PolicyMatter *const *
bundles_of (const WebRequest *request, const PolicyMatter *matter, size_t *n)
{
  size_t n_all;
  const PolicyMatter *const *all = policy_matters (request->web->package, &n_all);
  const PolicyMatter **bundles = arena_new0 (request->arena, const PolicyMatter *, n_all);
  *n = 0;
  for (size_t i = 0; i < n_all; i++)
    if (has_part (all[i], matter))
      bundles[(*n)++] = all[i];
  return bundles;
}

/* ---- pages ------------------------------------------------------------- */

bool
handle_services (WebRequest *request, WebResponse *response, GError **error)
{
  ServicesModel m;
  if (!choose (request, &m, error))
    return false;
  Page page
      = web_page (request, message_text (request->arena, request->language, MESSAGE_services_title, NULL, 0),
                  NAV_SERVICES);
  page_services (response->body, &page, &m);
  return true;
}

bool
handle_service (WebRequest *request, WebResponse *response, GError **error)
{
  ServiceModel m = { .matter = find_matter (request, error), .day = request->today };
  if (!m.matter)
    return false;
  m.bundles = bundles_of (request, m.matter, &m.n_bundles);
  Page page = web_page (request, NULL, NAV_SERVICES);
  page.title = page_text (&page, m.matter->name);
  page_service (response->body, &page, &m);
  return true;
}

/* ---- JSON -------------------------------------------------------------- */

/* What the list says of a matter, and the guide as well. */
static void
write_head (JsonWriter *w, const PolicyMatter *matter)
{
  json_member_str (w, "key", matter->key);
  json_member_int (w, "clause", matter->clause->number);
  json_member_str (w, "id", matter->id);
  json_member_str (w, "code", matter->code);
  json_member_bool (w, "own_code", g_str_has_prefix (matter->code, POLICY_OWN_CODE));
  policy_write_text (w, "name", matter->name);
  json_member_str (w, "kind", policy_matter_kind_id (matter->kind));
  json_member_str (w, "applicant", applicant_of (matter)->id);
  json_member_str (w, "subject", matter->provision->subject->id);
  json_member_str (w, "body", matter->body);
  json_member_bool (w, "on_the_spot", matter->on_the_spot);
}

static void
write_limits (JsonWriter *w, const PolicyMatter *matter, Day day)
{
  json_member_array (w, "limits");
  for (size_t i = 0; i < POLICY_LIMIT_KINDS; i++) {
    const PolicyLimit *limit = &matter->limits[i];
    if (!limit->parameter)
      continue;
    PolicyTimeUnit unit;
    int n = policy_limit_at (limit, day, &unit);
    const PolicyParameterValue *value = policy_parameter_at (limit->parameter, day);
    json_begin_object (w);
    json_member_str (w, "kind", policy_limit_id ((PolicyLimitKind)i));
    json_key (w, "number");
    if (n < 0)
      json_null (w);
    else
      json_int (w, n);
    json_member_str (w, "unit", policy_time_unit_id (unit));
    policy_write_text (w, "parameter", limit->parameter->name);
    json_member_str (w, "reference", value ? value->reference : NULL);
    json_member_str (w, "confidence", policy_confidence_id (value ? value->confidence : POLICY_MISSING));
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_materials (JsonWriter *w, const WebRequest *request, const PolicyMatter *matter)
{
  json_member_array (w, "materials");
  for (size_t i = 0; i < matter->n_materials; i++) {
    const PolicyMaterial *material = &matter->materials[i];
    json_begin_object (w);
    json_member_str (w, "id", material->id);
    policy_write_text (w, "name", material->name);
    policy_write_text (w, "note", material->note);
    json_member_bool (w, "required", material->required);
    json_member_str (w, "when", material->when ? arena_text (request->arena, material->when->name) : NULL);
    json_member_str (w, "fact",
                     material->attribute ? policy_path_text (request->arena, material->root, &material->path)
                                         : NULL);
    json_member_str (w, "held_by", material->attribute ? material->attribute->source : NULL);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_keys (JsonWriter *w, const char *key, const PolicyMatter *const *matters, size_t n)
{
  json_member_array (w, key);
  for (size_t i = 0; i < n; i++)
    json_str (w, matters[i]->key);
  json_end_array (w);
}

static void
write_basis (JsonWriter *w, const PolicyMatter *matter)
{
  json_member_array (w, "basis");
  for (size_t i = 0; i < matter->n_basis; i++) {
    json_begin_object (w);
    json_member_str (w, "document", matter->basis[i].document);
    json_member_str (w, "article", matter->basis[i].article);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_matter (JsonWriter *w, const WebRequest *request, const PolicyMatter *matter)
{
  size_t n_bundles;
  const PolicyMatter *const *bundles = bundles_of (request, matter, &n_bundles);
  json_member_str (w, "provision", matter->provision->id);
  policy_write_text (w, "outcome", matter->provision->outcome);
  json_member_str (w, "strength", policy_strength_id (matter->provision->strength));
  json_member_str (w, "eligible", arena_text (request->arena, matter->provision->eligible->name));
  write_basis (w, matter);
  json_member_str (w, "level", policy_level_id (matter->level));
  write_limits (w, matter, request->today);
  write_materials (w, request, matter);
  json_member_int (w, "visits", matter->visits);
  json_member_int (w, "fee_fen", matter->fee_fen);
  policy_write_text (w, "result", matter->result);
  json_member_str (w, "reach", policy_reach_id (matter->reach));
  json_member_bool (w, "delegable", matter->delegable);
  json_member_str (w, "payment", policy_payment_id (matter->payment));
  json_member_str (w, "first", matter->first ? arena_text (request->arena, matter->first->name) : NULL);
  write_keys (w, "parts", matter->parts, matter->n_parts);
  write_keys (w, "part_of", bundles, n_bundles);
  policy_write_text (w, "appeal_body", matter->appeal_body);
}

bool
handle_api_matters (WebRequest *request, WebResponse *response, GError **error)
{
  ServicesModel m;
  if (!choose (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_int (w, "count", (gint64)m.n);
  json_member_array (w, "matters");
  for (size_t i = 0; i < m.n; i++) {
    json_begin_object (w);
    write_head (w, m.matters[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_matter (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyMatter *matter = find_matter (request, error);
  if (!matter)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  write_head (w, matter);
  write_matter (w, request, matter);
  json_end_object (w);
  return true;
}
