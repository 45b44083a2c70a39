/* What a change of parameters would do: a form with the parameters of a clause, and the result. */
#include "web/baseline.h"
#include "web/determine.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

#include <math.h>
#include <string.h>

/* So many parameters of a clause stand open. */
enum { FIELDS_OPEN = 6 };

/* ---- the form ------------------------------------------------------------------- */

/* The parameters that the provisions of CLAUSE in force today turn on, each once. */
static const PolicyParameter **
read_parameters (const WebRequest *request, const PolicyClause *clause, size_t *n)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    const DmnDecision *const decisions[] = { p->eligible, p->amount };
    for (size_t d = 0; d < G_N_ELEMENTS (decisions) && decisions[d]; d++) {
      size_t n_own;
      const PolicyParameter *const *own
          = policy_decision_parameters (request->web->package, request->arena, decisions[d], &n_own);
      for (size_t k = 0; k < n_own; k++)
        if (!g_ptr_array_find (found, own[k], NULL))
          g_ptr_array_add (found, (gpointer)own[k]);
    }
  }
  *n = found->len;
  return arena_copy (request->arena, found->pdata, found->len * sizeof (gpointer));
}

/* 1, 2 or 5 times a power of ten, at least X. */
static double
round_up (double x)
{
  double power = pow (10, floor (log10 (x)));
  return x <= power ? power : x <= 2 * power ? 2 * power : x <= 5 * power ? 5 * power : 10 * power;
}

/* How far a slider goes: twice what stands today, or what its unit suggests. */
static void
set_slider (const WebRequest *request, ReformField *field)
{
  const PolicyParameterValue *now = field->now;
  const char *unit = field->parameter->unit;
  double value = now && now->value.kind == FEEL_NUMBER ? decimal_to_double (now->value.number) : 0;
  double most = value > 0                       ? round_up (2 * value)
                : g_str_equal (unit, "倍")      ? 1
                : g_str_has_prefix (unit, "元") ? 10000
                                                : 100;
  field->most = arena_printf (request->arena, "%.10g", most);
  field->step = arena_printf (request->arena, "%.10g", MAX (most / 200, 0.001));
}

static ReformField
field_of (const WebRequest *request, const PolicyParameter *p)
{
  const char *typed = web_field (&request->query, p->id);
  ReformField field = { .parameter = p, .now = policy_parameter_at (p, request->today) };
  if (field.now && !*field.now->value_text)
    field.now = NULL;
  field.value = typed ? typed : field.now ? field.now->value_text : "";
  FeelValue value;
  if (p->type->kind == FEEL_TYPE_NUMBER && !policy_parameter_parse (p, field.value, &value))
    field.value = ""; /* browsers show nothing else in a field of numbers */
  if (p->type->kind == FEEL_TYPE_NUMBER)
    set_slider (request, &field);
  field.is_truth = p->type->kind == FEEL_TYPE_BOOLEAN;
  return field;
}

/* Whether it has another value than today. */
static bool
is_set (const ReformField *field)
{
  return strcmp (field->value, field->now ? field->now->value_text : "") != 0;
}

/* What stands in the address beside parameters. */
static bool
is_of_page (const WebField *field)
{
  return strcmp (field->name, "clause") == 0 || strcmp (field->name, "lang") == 0;
}

/* What the address sets: every parameter that is named and has another value than today.  WRONG gets the one
 * whose value is none. */
static bool
read_change (const WebRequest *request, ReformChange *change, const PolicyParameter **wrong, GError **error)
{
  const PolicyPackage *package = request->web->package;
  ReformSetting *settings = arena_new0 (request->arena, ReformSetting, request->query.n);
  *change = (ReformChange){ .settings = settings };
  for (size_t i = 0; i < request->query.n; i++) {
    const WebField *field = &request->query.items[i];
    const PolicyParameter *p = policy_parameter (package, field->name);
    const PolicyParameterValue *now = p ? policy_parameter_at (p, request->today) : NULL;
    if (is_of_page (field) || (p && (!*field->value || (now && g_str_equal (now->value_text, field->value)))))
      continue;
    const char *text = arena_printf (request->arena, "%s=%s", field->name, field->value);
    *wrong = p;
    if (!reform_setting_read (request->arena, package, request->today, text, &settings[change->n_settings++],
                              error))
      return false;
  }
  return true;
}

/* ---- the result ------------------------------------------------------------------ */

static bool
is_changed (const ReformCount *count)
{
  for (int from = 0; from < REFORM_OUTCOMES; from++)
    for (int to = 0; to < REFORM_OUTCOMES; to++)
      if (from != to && count->moved[from][to])
        return true;
  return count->effects[REFORM_RISE].n || count->effects[REFORM_FALL].n;
}

static gint64
shown (gint64 n)
{
  return MAX (n, 0);
}

/* Those for whom it gets better, or (WORSE) worse. */
static gint64
side (const ReformCount *count, bool worse)
{
  return shown (count->effects[worse ? REFORM_LOSS : REFORM_GAIN].n)
         + shown (count->effects[worse ? REFORM_FALL : REFORM_RISE].n);
}

/* Half of the picture is 500 wide. */
static int
bar (gint64 n, gint64 most)
{
  return most ? (int)(shown (n) * 500 / most) : 0;
}

static ReformRow
row_of (const Page *page, const ReformGroup *group, gint64 most)
{
  const ReformEffect *effects = group->count.effects;
  return (ReformRow){ page_text (page, group->name),
                      &group->count,
                      { bar (effects[REFORM_GAIN].n, most), bar (effects[REFORM_LOSS].n, most),
                        bar (effects[REFORM_RISE].n, most), bar (effects[REFORM_FALL].n, most) } };
}

static ReformRows
rows_of (const Page *page, const ReformDimension *dimension)
{
  gint64 most = 0;
  for (size_t g = 0; g < dimension->n; g++) {
    const ReformCount *count = &dimension->groups[g].count;
    most = MAX (most, MAX (side (count, false), side (count, true)));
  }
  ReformRow *rows = arena_new0 (page->arena, ReformRow, dimension->n);
  for (size_t g = 0; g < dimension->n; g++)
    rows[g] = row_of (page, &dimension->groups[g], most);
  return (ReformRows){ page_text (page, dimension->name), rows, dimension->n };
}

static ReformShown
shown_of (const Page *page, const ReformProvision *p)
{
  ReformRows *dimensions = arena_new0 (page->arena, ReformRows, p->n_dimensions);
  for (size_t d = 0; d < p->n_dimensions; d++)
    dimensions[d] = rows_of (page, &p->dimensions[d]);
  return (ReformShown){ .provision = p,
                        .id = arena_printf (page->arena, "p-%d-%s", p->shown->clause->number, p->shown->id),
                        .dimensions = dimensions,
                        .n_dimensions = p->n_dimensions,
                        .period = reform_period (p->shown) };
}

/* The clause that was asked about first. */
static void
sort_result (const Page *page, ReformsModel *m)
{
  size_t n = m->result->n;
  ReformShown *changed = arena_new0 (page->arena, ReformShown, n);
  const ReformProvision **same = arena_new0 (page->arena, const ReformProvision *, n),
                        **not_computed = arena_new0 (page->arena, const ReformProvision *, n);
  for (int others = 0; others < 2; others++)
    for (size_t i = 0; i < n; i++) {
      const ReformProvision *p = &m->result->provisions[i];
      if ((p->shown->clause != m->clause) != others)
        continue;
      if (p->why_not)
        not_computed[m->n_not_computed++] = p;
      else if (is_changed (&p->count))
        changed[m->n_changed++] = shown_of (page, p);
      else
        same[m->n_same++] = p;
      m->n_by_rows += p->row_by_row != NULL;
    }
  m->changed = changed;
  m->same = same;
  m->not_computed = not_computed;
}

/* ---- words ------------------------------------------------------------------------- */

const char *
view_money (const Page *page, Decimal amount, bool told)
{
  return told ? view_result (page, feel_number (amount)) : "—";
}

const char *
view_year (const Page *page, ReformPeriod period, Decimal sum, bool told)
{
  Decimal year;
  return reform_per_year (period, sum, &year) ? view_money (page, year, told) : NULL;
}

/* ---- the page ------------------------------------------------------------------------ */

static const PolicyClause *const *
clauses_with_parameters (const WebRequest *request, size_t *n)
{
  size_t n_pages, n_parameters;
  const PolicyClause *const *pages = policy_pages (request->web->package, &n_pages);
  const PolicyClause **clauses = arena_new0 (request->arena, const PolicyClause *, n_pages);
  *n = 0;
  for (size_t i = 0; i < n_pages; i++)
    if (pages[i]->purpose && (read_parameters (request, pages[i], &n_parameters), n_parameters))
      clauses[(*n)++] = pages[i];
  return clauses;
}

static bool
read_form (const WebRequest *request, ReformsModel *m, GError **error)
{
  const char *asked = web_field (&request->query, "clause");
  m->clauses = clauses_with_parameters (request, &m->n_clauses);
  m->clause = asked && *asked ? web_find_clause (request, asked, error) : NULL;
  if (!m->clause)
    return !asked || !*asked;
  const PolicyParameter **parameters = read_parameters (request, m->clause, &m->n_fields);
  ReformField *fields = arena_new0 (request->arena, ReformField, m->n_fields);
  for (size_t i = 0, n = 0; n < m->n_fields; i++) { /* twice: those set otherwise, then the others */
    ReformField field = field_of (request, parameters[i % m->n_fields]);
    if (is_set (&field) == (i < m->n_fields))
      fields[n++] = field;
  }
  size_t n_set = 0;
  while (n_set < m->n_fields && is_set (&fields[n_set]))
    n_set++;
  m->fields = fields;
  m->n_first = MAX (n_set, FIELDS_OPEN);
  return true;
}

/* What the form asks; a value that is none, and a county that is being read, are told on the page. */
static bool
try_change (const WebRequest *request, ReformsModel *m, GError **error)
{
  GError *fault = NULL;
  ReformChange change;
  if (!read_change (request, &change, &m->wrong, &fault)) {
    if (!m->wrong)
      g_propagate_error (error, fault);
    else
      g_error_free (fault);
    return m->wrong;
  }
  m->wrong = NULL;
  m->is_asked = change.n_settings > 0;
  if (!m->is_asked)
    return true;
  m->result = web_baseline_try (request->baseline, request->arena, &change, REFORM_EVERY_CLAUSE,
                                request->today, &fault);
  if (m->result || g_error_matches (fault, FAULT, FAULT_CONFLICT)) {
    g_clear_error (&fault);
    return true;
  }
  g_propagate_error (error, fault);
  return false;
}

bool
handle_reforms (WebRequest *request, WebResponse *response, GError **error)
{
  ReformsModel m = { .today = request->today };
  web_county_ask (request->county, request->today); /* so that it is there when a value is changed */
  if (!read_form (request, &m, error) || !try_change (request, &m, error))
    return false;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_reforms_title, NULL, 0), NAV_REFORMS);
  page.script = web_assets[ASSET_REFORMS_JS].path;
  response->scripts = true;
  m.again = web_address (request, NULL);
  m.package = arena_printf (request->arena, "%.12s", policy_hash (request->web->package));
  m.json = arena_printf (request->arena, "/api/v1%s", m.again);
  if (m.result)
    sort_result (&page, &m);
  page_reforms (response->body, &page, &m);
  return true;
}

bool
handle_api_reforms (WebRequest *request, WebResponse *response, GError **error)
{
  ReformChange change;
  const PolicyParameter *wrong;
  const char *asked = web_field (&request->query, "clause");
  const PolicyClause *clause = asked ? web_find_clause (request, asked, error) : NULL;
  if ((asked && !clause) || !read_change (request, &change, &wrong, error))
    return false;
  if (!change.n_settings) {
    g_set_error (error, FAULT, FAULT_USAGE,
                 "name the parameters that are to have another value: dibao_ratio=0.45");
    return false;
  }
  const ReformResult *result
      = web_baseline_try (request->baseline, request->arena, &change,
                          clause ? clause->number : REFORM_EVERY_CLAUSE, request->today, error);
  if (!result)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  reform_write (w, result);
  return true;
}
