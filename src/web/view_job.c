/* Online employment in words of the page's language. */
#include "web/jobs_parts.h"

#include <string.h>

const char *
view_yuan (const Page *page, gint64 fen)
{
  if (!fen)
    return "";
  return fen % 100 ? arena_printf (page->arena, "%" G_GINT64_FORMAT ".%02d", fen / 100, (int)(fen % 100))
                   : arena_printf (page->arena, "%" G_GINT64_FORMAT, fen / 100);
}

static bool
whole_parameter (const Page *page, const char *id, gint64 *number)
{
  const PolicyParameter *parameter = policy_parameter (page->package, id);
  const PolicyParameterValue *value = parameter ? policy_parameter_at (parameter, civil_today ()) : NULL;
  return value && value->value.kind == FEEL_NUMBER && decimal_to_int64 (value->value.number, number);
}

const char *
view_job_term (const Page *page, const JobsAdvertisement *says)
{
  gint64 years, times;
  if (!g_str_equal (says->kind, "公益性岗位") || !whole_parameter (page, "welfare_years", &years)
      || !whole_parameter (page, "welfare_times", &times))
    return NULL;
  HtmlValue filled[] = { html_value ((long)times), html_value ((long)years) };
  return message_text (page->arena, page->language, MESSAGE_jobs_term__times_years, filled, 2);
}

const char *
view_job_pay (const Page *page, const JobsAdvertisement *says)
{
  if (!says->pay_from)
    return message_text (page->arena, page->language, MESSAGE_jobs_pay_open, NULL, 0);
  HtmlValue range[]
      = { html_value (view_yuan (page, says->pay_from)), html_value (view_yuan (page, says->pay_to)) };
  return says->pay_from == says->pay_to
             ? message_text (page->arena, page->language, MESSAGE_jobs_pay_one__pay, range, 1)
             : message_text (page->arena, page->language, MESSAGE_jobs_pay_range__from_to, range, 2);
}

const char *
view_township (const Page *page, const char *code)
{
  const RegistryDivisions *divisions = policy_divisions (page->package);
  const char *name = divisions ? registry_division_name (divisions, code, civil_today ()) : NULL;
  return name ? name : code;
}

const char *
view_choice (const Page *page, const RegistryAttribute *attribute, const char *value)
{
  for (size_t i = 0; page->language == LANGUAGE_EN && attribute->values_en && i < attribute->n_values; i++)
    if (g_str_equal (attribute->values[i], value))
      return attribute->values_en[i];
  return value;
}

static const RegistryAttribute *
of_post (const Page *page, const char *id)
{
  return registry_entity_attribute (registry_schema_entity (policy_schema (page->package), "post"), id);
}

const char *
view_job_kind (const Page *page, const char *kind)
{
  return view_choice (page, of_post (page, "kind"), kind);
}

const char *
view_job_education (const Page *page, const char *education)
{
  return view_choice (page, of_post (page, "education"), education);
}

const char *
view_field (const WebFields *form, const char *name, const char *otherwise)
{
  const char *given = form ? web_field (form, name) : NULL;
  return given ? given : otherwise ? otherwise : "";
}

const char *
view_lines (const Page *page, const char *const *words)
{
  g_autofree char *joined = words ? g_strjoinv ("\n", (char **)(gsize)words) : NULL;
  return arena_text (page->arena, text_of (joined));
}

bool
view_has (const char *const *words, const char *word)
{
  return words && g_strv_contains (words, word);
}

const char *
view_clock (const Page *page, int minutes)
{
  return arena_printf (page->arena, "%02d:%02d", minutes / 60, minutes % 60);
}

const char *
view_job_field (const Page *page, const char *field)
{
  static const struct {
    const char *field;
    Message message;
  } names[] = { { "title", MESSAGE_jobs_title_of },
                { "text", MESSAGE_jobs_text_of },
                { "occupation", MESSAGE_jobs_occupation },
                { "skills", MESSAGE_jobs_skills },
                { "certificates", MESSAGE_jobs_certificates },
                { "place", MESSAGE_jobs_place },
                { "pay", MESSAGE_jobs_pay },
                { "posts", MESSAGE_jobs_posts },
                { "kind", MESSAGE_jobs_kind },
                { "education", MESSAGE_jobs_education },
                { "until", MESSAGE_jobs_until },
                { "employer", MESSAGE_jobs_employer } };
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].field, field))
      return message_text (page->arena, page->language, names[i].message, NULL, 0);
  return field;
}
