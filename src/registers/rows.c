/* Reading records: the current tables, a stretch of numbers at a time. */
#include "registers/registers_private.h"

enum { STRETCH = 200 };

const char *const *
scan_texts (const RegistrySchema *schema, Arena *arena, const RegistryEntity *entity,
            const RegistryScan *scan)
{
  const char **texts = arena_new0 (arena, const char *, entity->n);
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    if (a->kind == REGISTRY_COLLECTION)
      continue;
    RegistryFact fact = registry_scan_fact (scan, a);
    if (fact.state == REGISTRY_VALUE)
      texts[i] = registry_fact_format (arena, schema, &fact);
  }
  return texts;
}

const char *const *
registers_texts (Registers *registers, Arena *arena, const RegistryEntity *entity, Subject subject,
                 GError **error)
{
  Registry *registry = registers->options.registry;
  const char *const *texts = NULL;
  g_autoptr (GError) fault = NULL;
  RegistryView *view = registry_view_new (registry, REGISTRY_FOREVER, error);
  if (!view)
    return NULL;
  gint64 number = subject_number (subject);
  RegistryScan *scan = registry_view_scan (view, entity, number, number, &fault);
  Subject found;
  if (scan && registry_scan_next (scan, &found, &fault))
    texts = scan_texts (registry_schema (registry), arena, entity, scan);
  if (scan)
    registry_scan_free (scan);
  registry_view_free (view);
  if (fault)
    g_propagate_error (error, g_steal_pointer (&fault));
  else if (!texts)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no %s %" G_GINT64_FORMAT, entity->id, number);
  return texts;
}

typedef struct {
  Registers *registers;
  Arena *arena;
  const Register *reg;
  const RegisterFilter *filter;
  GArray *rows;   /* RegisterRow, the newest first */
  GArray *passed; /* those of the stretch under way, in rising order */
} Listing;

static bool
is_open (const Register *reg, const char *const *texts)
{
  return reg->n_steps && !texts[reg->steps[reg->n_steps - 1]->index];
}

static Subject
reference_of (const RegistryScan *scan, const RegistryAttribute *reference)
{
  RegistryFact fact = registry_scan_fact (scan, reference);
  return fact.state == REGISTRY_VALUE ? fact.integer : 0;
}

/* Rows from FIRST to LAST, then turned round. */
static bool
read_stretch (Listing *l, RegistryView *view, gint64 first, gint64 last, GError **error)
{
  const RegistrySchema *schema = registry_schema (l->registers->options.registry);
  g_autoptr (GError) fault = NULL;
  RegistryScan *scan = registry_view_scan (view, l->reg->entity, first, last, error);
  if (!scan)
    return false;
  g_array_set_size (l->passed, 0);
  RegisterRow row = { 0 };
  while (registry_scan_next (scan, &row.record, &fault)) {
    row.about = reference_of (scan, l->reg->about);
    row.with = l->reg->with ? reference_of (scan, l->reg->with) : 0;
    row.texts = scan_texts (schema, l->arena, l->reg->entity, scan);
    row.open = is_open (l->reg, row.texts);
    if (row.about && (row.open || !l->filter->open_only))
      g_array_append_val (l->passed, row);
  }
  registry_scan_free (scan);
  for (guint i = l->passed->len; i-- > 0 && l->rows->len < l->filter->limit;)
    g_array_append_val (l->rows, g_array_index (l->passed, RegisterRow, i));
  if (!fault)
    return true;
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

static bool
read_rows (Listing *l, RegistryView *view, GError **error)
{
  gint64 highest, last = l->filter->before - 1;
  if (l->filter->record)
    return read_stretch (l, view, subject_number (l->filter->record), subject_number (l->filter->record),
                         error);
  if (!registry_view_highest (view, l->reg->entity, &highest, error))
    return false;
  last = l->filter->before ? MIN (last, highest) : highest;
  for (; last > 0 && l->rows->len < l->filter->limit; last -= STRETCH)
    if (!read_stretch (l, view, MAX (1, last - STRETCH + 1), last, error))
      return false;
  return true;
}

/* Whom the rows are about is in the log before they are handed out. */
static bool
log_rows (const Listing *l, const AccessAccount *who, GError **error)
{
  if (!l->rows->len)
    return true;
  g_autoptr (AuditSet) set = audit_set_new ();
  for (guint i = 0; i < l->rows->len; i++) {
    const RegisterRow *row = &g_array_index (l->rows, RegisterRow, i);
    audit_set_add (set, row->about);
    if (row->with)
      audit_set_add (set, row->with);
  }
  g_autofree char *detail = g_strdup_printf ("{\"did\":\"%s-register\",\"register\":\"%s\"}",
                                             l->filter->export ? "export" : "read", l->reg->id);
  AuditEntry entry = { .act = l->filter->export ? AUDIT_EXPORT : AUDIT_READ,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subjects = set,
                       .purpose = l->reg->clause->purpose->id,
                       .detail = detail };
  return audit_record (registry_store (l->registers->options.registry), &entry, error);
}

const RegisterRow *
registers_rows (Registers *registers, Arena *arena, const AccessAccount *who, const Register *reg,
                const RegisterFilter *filter, size_t *n, GError **error)
{
  *n = 0;
  if (!register_may_keep (who, reg)) {
    g_set_error (error, FAULT, FAULT_DENIED, "this register is kept by %s", reg->department);
    return NULL;
  }
  RegistryView *view = registry_view_new (registers->options.registry, REGISTRY_FOREVER, error);
  if (!view)
    return NULL;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (RegisterRow)),
                     passed = g_array_new (FALSE, FALSE, sizeof (RegisterRow));
  Listing l = { registers, arena, reg, filter, rows, passed };
  bool ok = read_rows (&l, view, error);
  registry_view_free (view);
  if (!ok || !log_rows (&l, who, error))
    return NULL;
  *n = rows->len;
  return arena_copy (arena, rows->data, rows->len * sizeof (RegisterRow));
}

const RegistryRecord *
registers_entries (Registers *registers, Arena *arena, const RegisterRow *row, size_t *n, GError **error)
{
  return registry_records (registers->options.registry, arena, row->record, n, error);
}
