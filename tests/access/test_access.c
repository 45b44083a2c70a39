/* Accounts, sessions, the matrix: on a real database. */
#include "support.h"
#include "access/access.h"

typedef struct {
  char *folder;
  RegistrySchema *schema;
  Registry *registry;
  Access *access;
  Arena *arena;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  f->folder = support_folder ();
  g_autofree char *path = support_store (f->folder, "access.db");
  g_autofree char *yaml = support_source ("policy/minhou-2021-81/registry.yaml");
  f->schema = registry_schema_load (yaml, &error);
  g_assert_no_error (error);
  f->registry = registry_open (path, STORE_CREATE, f->schema, &error);
  g_assert_no_error (error);
  f->access = access_open (f->registry, &error);
  g_assert_no_error (error);
  f->arena = arena_new ();
  AccessAccount clerk = { .name = "clerk",
                          .role = ACCESS_COUNTER_CLERK,
                          .zh = "样例经办人",
                          .en = "Sample clerk",
                          .department = "县民政局" };
  AccessAccount demo = { .name = "demo",
                         .role = ACCESS_RESIDENT,
                         .zh = "样例居民",
                         .en = "Sample resident",
                         .subject = 7,
                         .demo = true };
  g_assert_true (access_add (f->access, &clerk, "correct horse", &error));
  g_assert_true (access_add (f->access, &demo, "battery staple", &error));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  arena_free (f->arena);
  access_free (f->access);
  registry_close (f->registry);
  registry_schema_free (f->schema);
  support_remove (f->folder);
  g_free (f->folder);
}

static void
test_login (Fixture *f, gconstpointer data)
{
  const char *token = NULL;
  GError *error = NULL;
  g_assert_true (access_login (f->access, f->arena, "clerk", "correct horse", false, &token, &error));
  g_assert_cmpuint (strlen (token), ==, 64);
  const AccessAccount *who = access_session (f->access, f->arena, token);
  g_assert_nonnull (who);
  g_assert_cmpstr (who->name, ==, "clerk");
  g_assert_cmpstr (who->department, ==, "县民政局");
  g_assert_true (access_logout (f->access, token, &error));
  g_assert_null (access_session (f->access, f->arena, token));
}

static void
refuse (Fixture *f, const char *name, const char *password, bool loopback)
{
  const char *token = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_false (access_login (f->access, f->arena, name, password, loopback, &token, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_assert_cmpstr (error->message, ==, "that name and password do not go together");
  g_assert_null (token);
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  refuse (f, "clerk", "wrong", true);
  refuse (f, "nobody", "correct horse", true);
  refuse (f, "", "", true);
  refuse (f, "demo", "battery staple", false); /* a demo account from elsewhere */
  const char *token;
  g_autoptr (GError) error = NULL;
  g_assert_true (access_login (f->access, f->arena, "demo", "battery staple", true, &token, &error));
}

static void
test_tokens (Fixture *f, gconstpointer data)
{
  g_assert_null (access_session (f->access, f->arena, NULL));
  g_assert_null (access_session (f->access, f->arena, "short"));
  g_assert_null (access_session (f->access, f->arena,
                                 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
  const char *one, *two;
  GError *error = NULL;
  g_assert_true (access_login (f->access, f->arena, "clerk", "correct horse", true, &one, &error));
  g_assert_true (access_login (f->access, f->arena, "clerk", "correct horse", true, &two, &error));
  g_assert_cmpstr (one, !=, two);
  g_assert_cmpstr (access_form_token (f->arena, one), !=, access_form_token (f->arena, two));
  g_assert_cmpstr (access_form_token (f->arena, one), ==, access_form_token (f->arena, one));
}

static void
test_taken_name (Fixture *f, gconstpointer data)
{
  AccessAccount again = { .name = "clerk", .role = ACCESS_ANALYST, .zh = "甲", .en = "A" };
  g_autoptr (GError) error = NULL;
  g_assert_false (access_add (f->access, &again, "x", &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
}

static void
test_demo_accounts (Fixture *f, gconstpointer data)
{
  size_t n;
  GError *error = NULL;
  const AccessAccount *demo = access_demo_accounts (f->access, f->arena, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (demo[0].name, ==, "demo");
}

/* The matrix, cell by cell, against the table in docs/access.md. */
static void
check_row (char *const *cells, AccessRight right)
{
  g_autofree char *id = g_strdup_printf (" `%s` ", access_right_name (right)->id);
  g_assert_true (g_str_has_prefix (cells[1], id));
  for (size_t role = 0; role < ACCESS_ROLES; role++) {
    bool told = strstr (cells[2 + role], "✓") != NULL;
    g_test_message ("%s × %s", access_role_name ((AccessRole)role)->id, access_right_name (right)->id);
    g_assert_cmpint (access_role_may ((AccessRole)role, right), ==, told);
    AccessAccount account = { .role = (AccessRole)role };
    g_assert_cmpint (access_may (role == ACCESS_NOBODY ? NULL : &account, right), ==, told);
  }
}

static void
test_matrix (void)
{
  g_autofree char *path = support_source ("docs/access.md"), *page = support_read (path, NULL);
  g_auto (GStrv) lines = g_strsplit (page, "\n", -1);
  size_t row = 0;
  while (!g_str_has_prefix (lines[row], "| right |"))
    row++;
  g_auto (GStrv) head = g_strsplit (lines[row], "|", -1);
  g_assert_cmpuint (g_strv_length (head), ==, ACCESS_ROLES + 3);
  for (size_t role = 0; role < ACCESS_ROLES; role++)
    g_assert_cmpstr (g_strstrip (head[2 + role]), ==, access_role_name ((AccessRole)role)->id);
  for (size_t right = 0; right < ACCESS_RIGHTS; right++) {
    g_auto (GStrv) cells = g_strsplit (lines[row + 2 + right], "|", -1);
    g_assert_cmpuint (g_strv_length (cells), ==, ACCESS_ROLES + 3);
    check_row (cells, (AccessRight)right);
  }
  g_assert_cmpstr (lines[row + 2 + ACCESS_RIGHTS], ==, "");
}

static void
test_role_ids (void)
{
  for (size_t i = 0; i < ACCESS_ROLES; i++) {
    AccessRole role;
    g_assert_true (access_role_parse (access_role_name ((AccessRole)i)->id, &role));
    g_assert_cmpint (role, ==, i);
  }
  AccessRole role;
  g_assert_false (access_role_parse ("king", &role));
  g_assert_true (access_role_needs_code (ACCESS_STEWARD) && access_role_needs_code (ACCESS_ADMINISTRATOR));
  g_assert_false (access_role_needs_code (ACCESS_COUNTER_CLERK));
  g_assert_false (access_role_is_staff (ACCESS_RESIDENT) || access_role_is_staff (ACCESS_REPRESENTATIVE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/access/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("login", test_login);
  ADD ("refusals", test_refusals);
  ADD ("tokens", test_tokens);
  ADD ("taken-name", test_taken_name);
  ADD ("demo-accounts", test_demo_accounts);
  g_test_add_func ("/access/matrix", test_matrix);
  g_test_add_func ("/access/role-ids", test_role_ids);
  return g_test_run ();
}
