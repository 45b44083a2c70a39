/* What is done in rounds, from a form's fields. */
#include "web/rounds_parts.h"

static bool
wrong (GError **error, const char *why)
{
  g_set_error_literal (error, FAULT, FAULT_INPUT, why);
  return false;
}

static const char *
field (const WebRequest *request, const char *name)
{
  const char *text = web_field (&request->form, name);
  return text ? arena_text (request->arena, text_trim (text_of (text))) : "";
}

/* The form's own key, or the header's. */
static const char *
key_of (const WebRequest *request)
{
  const char *key = web_field (&request->form, "key");
  return key ? key : request->idempotency_key;
}

static gint64
number (const WebRequest *request, const char *name, gint64 otherwise)
{
  guint64 value;
  return g_ascii_string_to_unsigned (field (request, name), 10, 0, G_MAXINT32, &value, NULL) ? (gint64)value
                                                                                             : otherwise;
}

bool
round_id (const WebRequest *request, gint64 *id, GError **error)
{
  guint64 value;
  if (g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &value, NULL)) {
    *id = (gint64)value;
    return true;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no round %s", request->captures[0]);
  return false;
}

/* ---- planning ------------------------------------------------------------------ */

static bool
read_day (const WebRequest *request, const char *name, Day *day, GError **error)
{
  const char *text = field (request, name);
  if (!*text || civil_parse (text_of (text), day))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no day, as 2026-09-01", name, text);
  return false;
}

/* "school-4 30", or "school-4": as the clause computes it. */
static bool
read_unit (const WebRequest *request, const char *line, DrawsUnit *unit, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (line, " \t", 0);
  guint64 capacity;
  *unit = (DrawsUnit){ .capacity = -1 };
  if (!registry_subject_parse (policy_schema (request->web->package), text_of (words[0]), &unit->place)) {
    g_set_error (error, FAULT, FAULT_INPUT, "units: \"%s\" is no place: a line is school-4 30", line);
    return false;
  }
  const char *last = words[g_strv_length (words) - 1];
  if (!words[1] || !*last)
    return true;
  if (!g_ascii_string_to_unsigned (last, 10, 0, 1000000, &capacity, NULL)) {
    g_set_error (error, FAULT, FAULT_INPUT, "units: \"%s\": how many places?", line);
    return false;
  }
  unit->capacity = (gint64)capacity;
  return true;
}

static bool
read_units (const WebRequest *request, DrawsPlan *plan, GError **error)
{
  g_auto (GStrv) lines = g_strsplit_set (field (request, "units"), "\r\n", 0);
  DrawsUnit *units = arena_new0 (request->arena, DrawsUnit, g_strv_length (lines) + 1);
  plan->units = units;
  for (char **line = lines; *line; line++)
    if (*g_strstrip (*line) && !read_unit (request, *line, &units[plan->n_units++], error))
      return false;
  if (plan->allocation->place)
    return true;
  units[0] = (DrawsUnit){ .capacity = number (request, "capacity", -1) };
  plan->n_units = 1;
  return true;
}

bool
round_plan (const WebRequest *request, gint64 *id, GError **error)
{
  DrawsPlan plan = { .allocation = draws_allocation (request->web->package, field (request, "allocation")),
                     .parent = number (request, "parent", 0),
                     .title = field (request, "title"),
                     .objection_days = number (request, "objection_days", 0),
                     .source.name = field (request, "source"),
                     .fallback.name = field (request, "fallback") };
  if (!plan.allocation)
    return wrong (error, "allocation=22/primary: name what is shared out");
  if (!read_day (request, "deadline", &plan.deadline, error)
      || !read_day (request, "source_day", &plan.source.day, error)
      || !read_day (request, "fallback_day", &plan.fallback.day, error)
      || !read_units (request, &plan, error))
    return false;
  *id = draws_plan (request->draws, request->account, &plan, key_of (request), error);
  return *id != 0;
}

/* ---- the office ------------------------------------------------------------------- */

static bool
draw (const WebRequest *request, gint64 id, GError **error)
{
  const DrawsRound *round = draws_round (request->draws, request->arena, request->account, id, error);
  if (!round)
    return false;
  bool fallback = *field (request, "from") && g_str_equal (field (request, "from"), "fallback");
  DrawsValue value
      = { .source = fallback ? round->fallback : round->source, .value = field (request, "value") };
  return (!fallback || read_day (request, "used_day", &value.source.day, error))
         && draws_draw (request->draws, request->account, id, &value, error);
}

static bool
import (const WebRequest *request, gint64 id, GError **error)
{
  size_t n;
  return draws_import (request->draws, request->account, id, text_of (field (request, "rows")),
                       key_of (request), &n, error);
}

static bool
score (const WebRequest *request, gint64 id, GError **error)
{
  size_t n;
  return draws_score (request->draws, request->account, id, text_of (field (request, "rows")),
                      key_of (request), &n, error);
}

bool
round_act (const WebRequest *request, gint64 id, GError **error)
{
  static const struct {
    const char *deed;
    DrawsAct act;
  } acts[] = { { "open", DRAWS_OPEN_IT },
               { "close", DRAWS_CLOSE },
               { "publish", DRAWS_PUBLISH },
               { "finish", DRAWS_FINISH },
               { "cancel", DRAWS_CANCEL } };
  const char *deed = field (request, "deed");
  for (size_t i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (deed, acts[i].deed))
      return draws_act (request->draws, request->account, id, acts[i].act, field (request, "reason"), error);
  if (g_str_equal (deed, "draw"))
    return draw (request, id, error);
  if (g_str_equal (deed, "import"))
    return import (request, id, error);
  if (g_str_equal (deed, "score"))
    return score (request, id, error);
  if (g_str_equal (deed, "place"))
    return draws_place (request->draws, request->account, id, field (request, "number"),
                        (guint32)number (request, "unit", 0) - 1, error);
  if (g_str_equal (deed, "answer"))
    return draws_answer (request->draws, request->account, number (request, "objection", 0),
                         field (request, "text"), g_str_equal (field (request, "upheld"), "yes"), error);
  return wrong (error,
                "deed: use open, close, draw, publish, finish, cancel, import, score, place or answer");
}

/* ---- applicants ---------------------------------------------------------------------- */

/* Every field "choice", in order: units from 1; empty ones are none. */
static bool
apply (const WebRequest *request, gint64 id, GError **error)
{
  guint32 units[DRAWS_CHOICES_MAX];
  DrawsApplying applying = { .units = units };
  const char *whom = field (request, "for");
  if (*whom
      && !registry_subject_parse (policy_schema (request->web->package), text_of (whom), &applying.applicant))
    return wrong (error, "for=resident-12: whom is it for?");
  for (size_t i = 0; i < request->form.n; i++) {
    const WebField *one = &request->form.items[i];
    guint64 unit;
    if (!g_str_equal (one->name, "choice") || !*one->value)
      continue;
    if (applying.n_units == DRAWS_CHOICES_MAX
        || !g_ascii_string_to_unsigned (one->value, 10, 1, DRAWS_UNITS_MAX, &unit, NULL))
      return wrong (error, "choice=1: the number of a unit, at most 20 of them");
    units[applying.n_units++] = (guint32)unit - 1;
  }
  return draws_apply (request->draws, request->arena, request->account, id, &applying, key_of (request),
                      error);
}

bool
round_apply (const WebRequest *request, gint64 id, GError **error)
{
  const char *deed = field (request, "deed");
  if (!*deed || g_str_equal (deed, "apply"))
    return apply (request, id, error);
  if (g_str_equal (deed, "withdraw"))
    return draws_withdraw (request->draws, request->account, id, field (request, "number"), error);
  if (g_str_equal (deed, "object"))
    return draws_object (request->draws, request->account, id, field (request, "number"),
                         field (request, "text"), error);
  return wrong (error, "deed: use apply, withdraw or object");
}
