/* The matrix, cell by cell, and its roles. */
#include "support.h"
#include "access/access.h"

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
  g_test_add_func ("/matrix/cells", test_matrix);
  g_test_add_func ("/matrix/role-ids", test_role_ids);
  return g_test_run ();
}
