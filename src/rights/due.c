/* What need not be kept any longer: details of the log, by the schema's rule. */
#include "rights/rights_private.h"

/* The numbers of the oldest entries with details from before INSTANT (microseconds). */
static bool
find_due (Store *store, gint64 instant, size_t limit, GArray *numbers, GError **error)
{
  gint64 before = 0;
  for (size_t n = 500; n == 500;) {
    g_autoptr (Arena) arena = arena_new ();
    AuditFilter filter = { .before = before, .limit = 500 };
    const AuditRecord *records = audit_entries (store, arena, &filter, &n, error);
    if (!records)
      return false;
    for (size_t i = 0; i < n; i++)
      if (!records[i].erased && records[i].entry.at < instant && records[i].entry.act != AUDIT_ERASE)
        g_array_append_val (numbers, records[i].number);
    before = n ? records[n - 1].number : 0;
  }
  if (numbers->len > limit)
    g_array_remove_range (numbers, 0, numbers->len - (guint)limit);
  return true;
}

bool
rights_erase_due (Rights *rights, const AccessAccount *who, Day today, size_t limit, size_t *n,
                  GError **error)
{
  const RegistryRetention *rule = registry_log_retention (registry_schema (rights->registry));
  Store *store = registry_store (rights->registry);
  *n = 0;
  if (!rule || !rule->years)
    return true;
  Day last = civil_add_months (today, -12 * (gint64)rule->years);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!find_due (store, (last * 86400 - 8 * 3600) * G_USEC_PER_SEC, limit, numbers, error))
    return false;
  for (guint i = 0; i < numbers->len; i++, ++*n)
    if (!audit_erase (store, g_array_index (numbers, gint64, i), who->name, rule->reason_en, error))
      return false;
  return true;
}
