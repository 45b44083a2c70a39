#include "house.h"

#include "support.h"

static gint64
tell (gpointer house)
{
  return ((House *)house)->now;
}

static void
open_house (House *house)
{
  GError *error = NULL;
  house->registry = registry_open (house->path, STORE_CREATE, house->schema, &error);
  g_assert_no_error (error);
  house->access = access_open (house->registry, &error);
  g_assert_no_error (error);
  access_set_clock (house->access, tell, house);
}

void
house_set_up (House *house, gconstpointer unused)
{
  GError *error = NULL;
  house->folder = support_folder ();
  house->path = support_store (house->folder, "house.db");
  g_autofree char *yaml = support_source ("policy/minhou-2021-81/registry.yaml");
  house->schema = registry_schema_load (yaml, &error);
  g_assert_no_error (error);
  house->arena = arena_new ();
  house->now = 1767225600; /* 2026-01-01 */
  house->operator_ = access_operator (house->arena, NULL);
  open_house (house);
}

void
house_restart (House *house)
{
  access_free (house->access);
  registry_close (house->registry);
  open_house (house);
}

void
house_tear_down (House *house, gconstpointer unused)
{
  arena_free (house->arena);
  access_free (house->access);
  registry_close (house->registry);
  registry_schema_free (house->schema);
  support_remove (house->folder);
  g_free (house->path);
  g_free (house->folder);
}

void
house_add (House *house, const char *name, AccessRole role, gint64 subject, const char *department)
{
  GError *error = NULL;
  AccessAccount account = {
    .name = name, .role = role, .zh = "样例", .en = "Sample", .subject = subject, .department = department
  };
  access_add (house->access, house->operator_, &account,
              arena_printf (house->arena, "correct horse %s", name), &error);
  g_assert_no_error (error);
}

AccessLogin
house_login (House *house, const char *name, bool right, const char *address, const char *device)
{
  GError *error = NULL;
  AccessLogin login;
  AccessOrigin origin = { .address = address, .loopback = true, .device = device, .agent = "test" };
  access_login (house->access, house->arena, name,
                arena_printf (house->arena, right ? "correct horse %s" : "wrong %s", name), &origin, NULL,
                &login, &error);
  g_assert_no_error (error);
  return login;
}

const AuditRecord *
house_last_entry (House *house, size_t *n)
{
  GError *error = NULL;
  AuditFilter all = { .limit = 1000 };
  const AuditRecord *records
      = audit_entries (registry_store (house->registry), house->arena, &all, n, &error);
  g_assert_no_error (error);
  return *n ? &records[0] : NULL;
}
