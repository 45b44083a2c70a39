#include "support.h"

static void
test_citizen (void)
{
  static const struct {
    const char *number, *birth;
    bool male;
  } cases[] = {
    { "11010519491231002X", "1949-12-31", false }, /* the standard's examples */
    { "440524188001010014", "1880-01-01", true },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Day birth;
    bool male;
    const char *reason = "left over";
    g_assert_cmpint (identity_check_citizen (text_of (cases[i].number), &birth, &male, &reason), ==,
                     IDENTITY_OK);
    g_assert_null (reason);
    g_assert_cmpstr (civil_format (birth, (char[CIVIL_TEXT_MAX]){ 0 }), ==, cases[i].birth);
    g_assert_cmpint (male, ==, cases[i].male);
    g_assert_cmpint (identity_check_citizen (text_of (cases[i].number), NULL, NULL, NULL), ==, IDENTITY_OK);
  }
}

/* DIGITS17 with its right check character. */
static Text
citizen (Arena *arena, const char *digits17)
{
  return text_of (arena_printf (arena, "%s%c", digits17, identity_citizen_check (digits17)));
}

static void
test_citizen_refuses (void)
{
  static const struct {
    const char *number, *reason;
  } cases[] = {
    { "", "18 characters" },
    { "11010519491231002", "18 characters" },
    { "11010519491231002XX", "18 characters" },
    { "110105194912310O2X", "are digits" },
    { "１101051949123100", "are digits" },
    { "11010519491231002x", "a capital X" },
    { "110105194912310021", "check character" },
    { "110105194912310037", "check character" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *reason = NULL;
    Day birth = 77;
    g_assert_cmpint (identity_check_citizen (text_of (cases[i].number), &birth, NULL, &reason), ==,
                     IDENTITY_BAD);
    g_assert_nonnull (strstr (reason, cases[i].reason));
    g_assert_cmpint (birth, ==, 77);
  }
}

/* The check character is right, the rest is not. */
static void
test_citizen_refuses_inside (void)
{
  static const struct {
    const char *digits17;
    IdentityVerdict verdict;
  } cases[] = {
    { "35012119900101001", IDENTITY_OK },  { "83000019900101001", IDENTITY_OK },
    { "35012120000229001", IDENTITY_OK },  { "35012119000229001", IDENTITY_BAD },
    { "35012119901301001", IDENTITY_BAD }, { "35012119900431001", IDENTITY_BAD },
    { "35012117991231001", IDENTITY_BAD }, { "00012119900101001", IDENTITY_BAD },
    { "16012119900101001", IDENTITY_BAD }, { "99012119900101001", IDENTITY_BAD },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (identity_check_citizen (citizen (arena, cases[i].digits17), NULL, NULL, NULL), ==,
                     cases[i].verdict);
}

/* What a check digit is for: any digit changed, any two neighbours swapped. */
static void
test_citizen_catches_slips (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Text good = citizen (arena, "35012119870615023");
  for (int i = 0; i < 17; i++)
    for (char c = '0'; c <= '9'; c++) {
      char *slip = arena_text (arena, good);
      slip[i] = c;
      bool same = good.bytes[i] == c;
      g_assert_cmpint (identity_check_citizen (text_of (slip), NULL, NULL, NULL) == IDENTITY_OK, ==, same);
    }
  for (int i = 0; i < 16; i++) {
    char *slip = arena_text (arena, good);
    slip[i] = good.bytes[i + 1];
    slip[i + 1] = good.bytes[i];
    if (slip[i] != slip[i + 1])
      g_assert_cmpint (identity_check_citizen (text_of (slip), NULL, NULL, NULL), ==, IDENTITY_BAD);
  }
}

static void
test_credit (void)
{
  static const struct {
    const char *code;
    IdentityVerdict verdict;
    const char *reason;
  } cases[] = {
    { "11341729003257952H", IDENTITY_OK, NULL },
    { "91440300708461136T", IDENTITY_OK, NULL },
    { "91110000802100433B", IDENTITY_OK, NULL },
    /* issued by the Fujian pilots of 2015: legal, and they fail the check */
    { "91350100M0001TGQXM", IDENTITY_WARNING, "check character" },
    { "91350211M0000XUF46", IDENTITY_WARNING, "check character" },
    { "91350203M0001FUE2P", IDENTITY_WARNING, "check character" },
    { "91440300708461137T", IDENTITY_WARNING, "character 17" },
    { "91440300708461136U", IDENTITY_WARNING, "the last" },
    { "", IDENTITY_BAD, "18 characters" },
    { "91440300708461136", IDENTITY_BAD, "18 characters" },
    { "91440300708461136I", IDENTITY_BAD, "without I, O, S, V, Z" },
    { "9144030070846113OT", IDENTITY_BAD, "without I, O, S, V, Z" },
    { "91440300708461136t", IDENTITY_BAD, "without I, O, S, V, Z" },
    { "9144A300708461136T", IDENTITY_BAD, "division code" },
    { "91990300708461136T", IDENTITY_BAD, "division code" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *reason = "left over";
    IdentityVerdict verdict = identity_check_credit (text_of (cases[i].code), &reason);
    if (verdict != cases[i].verdict)
      g_error ("%s: %d, %s", cases[i].code, verdict, reason);
    g_assert_true (cases[i].reason ? strstr (reason, cases[i].reason) != NULL : reason == NULL);
  }
  g_assert_cmpint (identity_credit_check ("91350100M0001TGQX"), ==, '1');
  g_assert_cmpint (identity_credit_check ("91350211M0000XUF4"), ==, 'R');
  g_assert_cmpint (identity_credit_check ("91350203M0001FUE2"), ==, 'J');
  g_assert_cmpint (identity_credit_check ("9135020 M0001FUE2"), ==, 0);
  g_assert_cmpint (identity_organisation_check ("70846113"), ==, '6');
  g_assert_cmpint (identity_organisation_check ("D2143569"), ==, 'X'); /* the standard's example */
  g_assert_cmpint (identity_organisation_check ("d2143569"), ==, 0);
}

static void
test_divisions (void)
{
  static const struct {
    const char *code;
    int level; /* 0: refused */
    DivisionKind kind;
  } cases[] = {
    { "350000", 1, DIVISION_OTHER },       { "350100", 2, DIVISION_OTHER },
    { "350121", 3, DIVISION_OTHER },       { "350121001", 4, DIVISION_STREET },
    { "350121105", 4, DIVISION_TOWN },     { "350121206", 4, DIVISION_TOWNSHIP },
    { "350121399", 4, DIVISION_TOWNSHIP }, { "350121400", 4, DIVISION_OTHER },
    { "350121099", 4, DIVISION_STREET },   { "350121199", 4, DIVISION_TOWN },
    { "350121000", 3, DIVISION_OTHER },    { "350121001001", 5, DIVISION_STREET },
    { "350121105000", 4, DIVISION_TOWN },  { "441900003", 4, DIVISION_STREET }, /* a city without counties */
    { "350021", 0, DIVISION_OTHER },       { "350121000001", 0, DIVISION_OTHER },
    { "990000", 0, DIVISION_OTHER },       { "35012", 0, DIVISION_OTHER },
    { "35012A", 0, DIVISION_OTHER },       { "", 0, DIVISION_OTHER },
    { "3501210010", 0, DIVISION_OTHER },   { "350000001", 0, DIVISION_OTHER },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    int level = 0;
    const char *reason = "left over";
    bool good = identity_check_division (text_of (cases[i].code), &level, &reason);
    g_assert_cmpint (good, ==, cases[i].level > 0);
    g_assert_cmpint (level, ==, cases[i].level);
    g_assert_cmpint (reason == NULL, ==, good);
    g_assert_cmpint (identity_division_kind (text_of (cases[i].code)), ==, cases[i].kind);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/citizen", test_citizen);
  g_test_add_func ("/identity/citizen refuses", test_citizen_refuses);
  g_test_add_func ("/identity/citizen refuses inside", test_citizen_refuses_inside);
  g_test_add_func ("/identity/citizen catches slips", test_citizen_catches_slips);
  g_test_add_func ("/identity/credit", test_credit);
  g_test_add_func ("/identity/divisions", test_divisions);
  return g_test_run ();
}
