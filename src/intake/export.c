/* Export: two passes over one state of the current table.  The first finds who is
 * in it, for the audit log; when that is committed the second writes the rows. */
#include "intake/intake_private.h"

#include "audit/audit.h"

typedef struct {
  const RegistryEntity *entity;
  const RegistryAttribute **columns;
  size_t n;
  bool with_subject;
  RegistryFact *where;
  size_t n_where;
} Selection;

/* ---- what is asked for ------------------------------------------------- */

static const RegistryAttribute *
find_attribute (const RegistryEntity *entity, const char *name, size_t len, GError **error)
{
  g_autofree char *copy = g_strndup (name, len);
  const RegistryAttribute *a = registry_entity_attribute (entity, copy);
  for (size_t i = 0; !a && i < entity->n; i++)
    if (g_ascii_strcasecmp (entity->attributes[i].en, copy) == 0)
      a = &entity->attributes[i];
  if (!a || a->kind == REGISTRY_COLLECTION) {
    g_set_error (error, FAULT, FAULT_USAGE, "%s (%s) has no column \"%s\"", entity->zh, entity->id, copy);
    return NULL;
  }
  return a;
}

static bool
is_subject (const char *name)
{
  return g_str_equal (name, "subject") || g_str_equal (name, "主体编号");
}

static bool
choose_columns (Selection *s, const char *const *names, Arena *arena, GError **error)
{
  size_t room = names ? g_strv_length ((char **)names) : s->entity->n;
  s->columns = arena_new0 (arena, const RegistryAttribute *, room);
  s->with_subject = !names;
  for (size_t i = 0; !names && i < s->entity->n; i++)
    if (s->entity->attributes[i].kind != REGISTRY_COLLECTION)
      s->columns[s->n++] = &s->entity->attributes[i];
  for (size_t i = 0; names && i < room; i++) {
    if (is_subject (names[i]))
      s->with_subject = true;
    else if (!(s->columns[s->n++] = find_attribute (s->entity, names[i], strlen (names[i]), error)))
      return false;
  }
  return true;
}

static bool
choose_rows (Selection *s, const RegistrySchema *schema, const char *const *where, Arena *arena,
             GError **error)
{
  size_t room = where ? g_strv_length ((char **)where) : 0;
  s->where = arena_new0 (arena, RegistryFact, room);
  for (; s->n_where < room; s->n_where++) {
    const char *text = where[s->n_where], *equals = strchr (text, '=');
    if (!equals) {
      g_set_error (error, FAULT, FAULT_USAGE, "--where \"%s\": write COLUMN=VALUE, as in township=350121101",
                   text);
      return false;
    }
    const RegistryAttribute *a = find_attribute (s->entity, text, (size_t)(equals - text), error);
    if (!a || !registry_fact_parse (schema, a, text_of (equals + 1), &s->where[s->n_where], error))
      return false;
  }
  return true;
}

static bool
is_chosen (const Selection *s, const RegistryScan *scan)
{
  for (size_t i = 0; i < s->n_where; i++) {
    const RegistryFact *wanted = &s->where[i];
    RegistryFact fact = registry_scan_fact (scan, wanted->attribute);
    if (fact.state != REGISTRY_VALUE
        || (wanted->attribute->kind == REGISTRY_TEXT ? !text_equal (fact.text, wanted->text)
                                                     : fact.integer != wanted->integer))
      return false;
  }
  return true;
}

/* ---- the audit entry --------------------------------------------------- */

static char *
describe (const Selection *s, const IntakeExport *options)
{
  GString *detail = g_string_new (NULL);
  JsonWriter *w = json_writer_new (detail, 0);
  json_begin_object (w);
  json_member_str (w, "entity", s->entity->id);
  json_key (w, "columns");
  json_begin_array (w);
  for (size_t i = 0; i < s->n; i++)
    json_str (w, s->columns[i]->id);
  json_end_array (w);
  json_key (w, "where");
  json_begin_array (w); /* names only: what they were compared with may be somebody's */
  for (size_t i = 0; i < s->n_where; i++)
    json_str (w, s->where[i].attribute->id);
  json_end_array (w);
  json_end_object (w);
  json_writer_free (w);
  return g_string_free (detail, FALSE);
}

static bool
record_export (Registry *registry, const Selection *s, const IntakeExport *options, const AuditSet *subjects,
               GError **error)
{
  g_autofree char *detail = describe (s, options);
  AuditEntry entry = { .act = AUDIT_EXPORT,
                       .actor = options->actor,
                       .role = options->role,
                       .department = options->department,
                       .subjects = subjects,
                       .purpose = options->purpose,
                       .detail = detail };
  return audit_record (registry_store (registry), &entry, error);
}

/* *N: how many rows there are to write. */
static bool
announce (Registry *registry, const Selection *s, const IntakeExport *options, RegistryScan *scan, gint64 *n,
          GError **error)
{
  AuditSet *subjects = audit_set_new ();
  Subject subject;
  GError *fault = NULL;
  while (registry_scan_next (scan, &subject, &fault))
    if (is_chosen (s, scan))
      audit_set_add (subjects, subject);
  *n = audit_set_size (subjects);
  bool ok = !fault && record_export (registry, s, options, subjects, &fault);
  audit_set_free (subjects);
  if (fault)
    g_propagate_error (error, fault);
  return ok;
}

/* ---- rows -------------------------------------------------------------- */

/* VALUE at SCALE digits after the point; BUFFER of 32 bytes. */
static Text
format_scaled (gint64 value, int scale, char *buffer)
{
  char *end = buffer + 32, *p = end;
  guint64 rest = value < 0 ? -(guint64)value : (guint64)value;
  for (int digits = 0; rest || digits <= scale; digits++) {
    if (scale && digits == scale)
      *--p = '.';
    *--p = (char)('0' + rest % 10);
    rest /= 10;
  }
  if (value < 0)
    *--p = '-';
  return (Text){ p, (size_t)(end - p) };
}

static Text
format_subject (Subject subject, const RegistryEntity *entity, char *buffer, size_t size)
{
  int n = g_snprintf (buffer, size, "%s-%" G_GINT64_FORMAT, entity->id, subject_number (subject));
  return (Text){ buffer, (size_t)n };
}

static void
write_fact (SheetWriter *out, const RegistryFact *fact)
{
  const RegistryAttribute *a = fact->attribute;
  char buffer[128];
  if (fact->state == REGISTRY_UNSTATED) {
    sheet_writer_text (out, (Text){ "", 0 });
    return;
  }
  if (fact->state == REGISTRY_NONE) {
    sheet_writer_text (out, TEXT_LITERAL (INTAKE_NONE_ZH));
    return;
  }
  switch (a->kind) {
  case REGISTRY_BOOLEAN:
    sheet_writer_text (out, fact->integer ? TEXT_LITERAL ("是") : TEXT_LITERAL ("否"));
    break;
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY: sheet_writer_number (out, format_scaled (fact->integer, a->scale, buffer)); break;
  case REGISTRY_DATE: sheet_writer_date (out, fact->integer); break;
  case REGISTRY_REFERENCE:
    sheet_writer_text (out, format_subject (fact->integer, a->target, buffer, sizeof buffer));
    break;
  case REGISTRY_TEXT: sheet_writer_text (out, fact->text); break;
  case REGISTRY_COLLECTION: break;
  }
}

static void
write_heading (const Selection *s, bool english, SheetWriter *out)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();
  if (s->with_subject)
    g_ptr_array_add (titles, (gpointer)(english ? "Subject" : "主体编号"));
  for (size_t i = 0; i < s->n; i++)
    g_ptr_array_add (titles, (gpointer)(english ? s->columns[i]->en : s->columns[i]->zh));
  sheet_writer_heading (out, (const char *const *)titles->pdata, NULL, titles->len);
}

static bool
write_row (const Selection *s, const RegistryScan *scan, Subject subject, SheetWriter *out, GError **error)
{
  char buffer[128];
  if (s->with_subject)
    sheet_writer_text (out, format_subject (subject, s->entity, buffer, sizeof buffer));
  for (size_t i = 0; i < s->n; i++) {
    RegistryFact fact = registry_scan_fact (scan, s->columns[i]);
    write_fact (out, &fact);
  }
  return sheet_writer_end_row (out, error);
}

static bool
write_rows (const Selection *s, const IntakeExport *options, RegistryScan *scan, gint64 total,
            SheetWriter *out, gint64 *rows, GError **error)
{
  enum { EVERY = 1024 };
  Subject subject;
  GError *fault = NULL;
  write_heading (s, options->english, out);
  while (registry_scan_next (scan, &subject, &fault)) {
    if (!is_chosen (s, scan))
      continue;
    if (!write_row (s, scan, subject, out, error))
      return false;
    if (++*rows % EVERY == 0 && options->progress)
      options->progress (*rows, total, options->data);
  }
  if (fault)
    g_propagate_error (error, fault);
  return !fault;
}

static bool
choose (Selection *s, const IntakeExport *options, const RegistrySchema *schema, Arena *arena, GError **error)
{
  s->entity = registry_schema_entity (schema, options->entity);
  if (!s->entity)
    g_set_error (error, FAULT, FAULT_USAGE, "there is no entity \"%s\" in registry.yaml", options->entity);
  else if (!options->purpose || !*options->purpose)
    g_set_error (error, FAULT, FAULT_USAGE,
                 "say what for (--purpose): it goes into the audit log, where the "
                 "persons concerned see it");
  else
    return choose_columns (s, options->columns, arena, error)
           && choose_rows (s, schema, options->where, arena, error);
  return false;
}

bool
intake_export (Registry *registry, const IntakeExport *options, SheetWriter *out, gint64 *rows,
               GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Selection s = { 0 };
  gint64 total = 0;
  *rows = 0;
  if (!choose (&s, options, registry_schema (registry), arena, error))
    return false;
  g_autoptr (RegistryScan) scan = registry_scan_new (registry, s.entity, error);
  if (!scan || !announce (registry, &s, options, scan, &total, error))
    return false;
  registry_scan_rewind (scan);
  return write_rows (&s, options, scan, total, out, rows, error);
}
