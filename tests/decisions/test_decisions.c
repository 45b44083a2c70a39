/* Decisions on paper: what poppler reads out of them, what their code leads to, and that
 * nothing but an issued code is genuine. */
#include "audit/audit.h"
#include "decisions/decisions.h"
#include "town.h"

#include <locale.h>
#include <qrencode.h>
#include <string.h>

static PolicyPackage *package;
static Town town;
static Decisions *decisions;

static const char *const basis[] = { "《社会救助暂行办法》第九条", NULL };
static const AccessAccount clerk
    = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = "县民政局" };

static Decision
granted (gint64 case_id)
{
  return (Decision){ .case_id = case_id,
                     .number = "2026-000012",
                     .matter = { "最低生活保障审核确认", "Subsistence allowance" },
                     .person = 1,
                     .applicant = "陈测试",
                     .identity = "3599****1X",
                     .office = "县民政局",
                     .basis = basis,
                     .granted = true,
                     .has_amount = true,
                     .amount_fen = 123450,
                     .amount_unit = { "元/月", "yuan a month" },
                     .applied_at = 1790000000,
                     .decided_at = 1791000000,
                     .package_hash = "abc",
                     .appeal_days = 60,
                     .appeal_body = { "闽侯县人民政府", "the county government of Minhou" } };
}

static DecisionSeal
issue (const Decision *decision)
{
  GError *error = NULL;
  DecisionSeal seal;
  decisions_issue (decisions, &clerk, decision, &seal, &error);
  g_assert_no_error (error);
  return seal;
}

/* ---- the file ---------------------------------------------------------------- */

typedef struct {
  char *folder, *path;
} File;

static File
file_of (const Decision *decision, const DecisionSeal *seal, bool english)
{
  GError *error = NULL;
  g_autoptr (GString) pdf = g_string_new (NULL), again = g_string_new (NULL);
  decisions_pdf (package, decision, seal, "https://example.invalid/verify/", english, pdf, &error);
  g_assert_no_error (error);
  g_assert_true (
      decisions_pdf (package, decision, seal, "https://example.invalid/verify/", english, again, NULL));
  g_assert_cmpmem (pdf->str, pdf->len, again->str, again->len); /* the same seal, the same bytes */
  File file = { .folder = support_folder () };
  file.path = g_build_filename (file.folder, "decision.pdf", NULL);
  g_assert_true (g_file_set_contents (file.path, pdf->str, (gssize)pdf->len, NULL));
  return file;
}

static void
file_remove (File *file)
{
  support_remove (file->folder);
  g_free (file->path);
  g_free (file->folder);
}

/* The text that poppler reads, without blanks and breaks: lines are broken anywhere in Chinese. */
static char *
text_of_file (const File *file)
{
  const char *argv[] = { "pdftotext", "-raw", file->path, "-", NULL };
  char *out, *err;
  g_assert_cmpint (support_run (argv, &out, &err), ==, 0);
  g_assert_cmpstr (err, ==, "");
  g_free (err);
  char *to = out;
  for (const char *p = out; *p; p++)
    if (!g_ascii_isspace (*p) && *p != '\f')
      *to++ = *p;
  *to = '\0';
  return out;
}

static void
assert_has (const char *text, const char *part)
{
  g_autoptr (GString) wanted = g_string_new (part);
  g_string_replace (wanted, " ", "", 0);
  if (!strstr (text, wanted->str))
    g_error ("“%s” is not in:\n%s", wanted->str, text);
}

/* ---- the code on it ------------------------------------------------------------ */

static guchar *
render (const File *file, int page, int *width, int *height)
{
  g_autofree char *to = g_build_filename (file->folder, "page", NULL), *number = g_strdup_printf ("%d", page);
  const char *argv[]
      = { "pdftoppm", "-r", "144", "-gray", "-f", number, "-l", number, "-singlefile", file->path, to, NULL };
  char *err;
  gsize len;
  int most, skip;
  support_run (argv, NULL, &err);
  g_free (err);
  g_autofree char *path = g_strdup_printf ("%s.pgm", to);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  g_autofree char *picture = support_read (path, &len);
  g_assert_cmpint (sscanf (picture, "P5 %d %d %d%n", width, height, &most, &skip), ==, 3);
  guchar *pixels = g_memdup2 (picture + skip + 1, (gsize)*width * (gsize)*height);
  remove (path);
  return pixels;
}

static bool
code_stands_at (const guchar *pixels, int width, int height, const QRcode *code, double module, int left,
                int top)
{
  if (left + (int)(code->width * module) >= width || top + (int)(code->width * module) >= height)
    return false;
  for (int r = 0; r < code->width; r++)
    for (int c = 0; c < code->width; c++) {
      int x = left + (int)((c + 0.5) * module), y = top + (int)((r + 0.5) * module);
      if ((pixels[y * width + x] < 128) != (bool)(code->data[r * code->width + c] & 1))
        return false;
    }
  return true;
}

/* Whether a page of FILE shows the QR code of CONTENT, module by module. */
static bool
shows_code (const File *file, const char *content)
{
  QRcode *code = QRcode_encodeData ((int)strlen (content), (const unsigned char *)content, 0, QR_ECLEVEL_M);
  double module = 144.0 / 25.4 * MAX (32.0 / (code->width + 8), 0.5);
  bool found = false;
  for (int page = 1; !found && page <= 9; page++) {
    int width, height;
    g_autofree guchar *pixels = render (file, page, &width, &height);
    if (!pixels)
      break;
    for (int y = 0; !found && y < height; y++)
      for (int x = 0; !found && x < width; x++)
        found = pixels[y * width + x] < 128 && code_stands_at (pixels, width, height, code, module, x, y);
  }
  QRcode_free (code);
  return found;
}

static void
test_paper (void)
{
  static const char *const parts[] = { "县民政局关于最低生活保障审核确认的决定",
                                       "2026-000012",
                                       "陈测试",
                                       "3599****1X",
                                       "予以同意",
                                       "1,234.50 元/月",
                                       "《社会救助暂行办法》第九条",
                                       "自收到之日起60日内，向闽侯县人民政府申请行政复议",
                                       "2026年10月",
                                       "决定人说明：材料齐全" };
  Decision decision = granted (1);
  decision.reason = "材料齐全";
  DecisionSeal seal = issue (&decision);
  File file = file_of (&decision, &seal, false);
  g_autofree char *text = text_of_file (&file);
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    assert_has (text, parts[i]);
  g_autofree char *link = g_strdup_printf ("https://example.invalid/verify/%s", seal.code);
  assert_has (text, link);
  assert_has (text, seal.digest);
  g_assert_true (shows_code (&file, link));
  link[strlen (link) - 1] ^= 1;
  g_assert_false (shows_code (&file, link));
  file_remove (&file);
}

static void
test_english (void)
{
  Decision decision = granted (2);
  decision.granted = false;
  decision.reason = "Not yet.";
  DecisionSeal seal = issue (&decision);
  File file = file_of (&decision, &seal, true);
  g_autofree char *text = text_of_file (&file);
  static const char *const parts[] = { "does not meet the rules and is refused", "within 60 days",
                                       "Subsistence allowance", "In the words of who decided: Not yet." };
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    assert_has (text, parts[i]);
  g_assert_null (strstr (text, "1,234.50")); /* a refusal has no amount */
  file_remove (&file);
}

/* Every fact that the reasons name stands on the paper with who recorded it; so does a departure from them.
 */
static void
check_reasons (Arena *arena, const PolicyDetermination *d, gint64 case_id)
{
  Decision decision = granted (case_id);
  decision.determination = d;
  decision.granted = d->outcome == POLICY_YES;
  DecisionSeal seal = issue (&decision);
  File file = file_of (&decision, &seal, false);
  g_autofree char *text = text_of_file (&file);
  PolicyWords words = { arena, package, false };
  PolicyReasons reasons = policy_reasons (arena, d);
  for (size_t i = 0; i < reasons.trees[0].n; i++) {
    const PolicyReasonNode *node = &reasons.trees[0].nodes[i];
    assert_has (text, policy_words_condition_label (&words, d->provision, node->condition));
    assert_has (text, policy_words_condition_value (&words, node->condition));
    for (size_t k = 0; k < node->sources.n_facts; k++)
      assert_has (text, policy_words_source (&words, node->sources.facts[k]));
  }
  g_assert_null (strstr (text, "结果不同"));
  file_remove (&file);
  decision.granted = !decision.granted;
  seal = issue (&decision);
  file = file_of (&decision, &seal, false);
  g_autofree char *other = text_of_file (&file);
  assert_has (other, "结果不同");
  file_remove (&file);
}

static void
test_reasons (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  const PolicyClause *clause = policy_clause (package, 13);
  RegistryMoment at = { town.as_of, G_MAXINT64 };
  int seen[2] = { 0 };
  for (gint64 number = 1; number <= 60 && seen[0] + seen[1] < 4; number++) {
    GError *error = NULL;
    size_t n;
    const AccessPermit *permit = policy_permit (town.access, arena, access_operator (arena, "test"), clause,
                                                subject_make (resident, number), &error);
    g_assert_no_error (error);
    const PolicyAnswer *answers = policy_answers (package, permit, arena, clause, town.as_of, at, &n, &error);
    g_assert_no_error (error);
    for (size_t i = 0; i < n; i++) {
      const PolicyDetermination *d = answers[i].determination;
      if (d->outcome > POLICY_NO || seen[d->outcome] == 2)
        continue;
      seen[d->outcome]++;
      check_reasons (arena, d, 1000 + number * 100 + (gint64)i);
    }
  }
  g_assert_cmpint (seen[POLICY_NO], >, 0);
}

/* ---- genuine or not ------------------------------------------------------------- */

static void
test_verify (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  Decision decision = granted (3);
  DecisionSeal seal = issue (&decision), again = issue (&decision);
  g_assert_cmpstr (seal.code, ==, again.code); /* one decision, one seal */
  g_assert_cmpstr (seal.digest, ==, again.digest);
  g_assert_cmpint (seal.issued_at, ==, again.issued_at);
  const DecisionProof *proof = decisions_verify (decisions, arena, seal.code, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (proof->number, ==, "2026-000012");
  g_assert_cmpstr (proof->matter.en, ==, "Subsistence allowance");
  g_assert_cmpstr (proof->applicant, ==, "陈＊＊"); /* no more of the name */
  g_assert_cmpstr (proof->office, ==, "县民政局");
  g_assert_cmpstr (proof->digest, ==, seal.digest);
  g_assert_cmpint (proof->decided_at, ==, decision.decided_at);
  g_assert_true (proof->granted);
  g_assert_false (proof->replaced);
}

static void
test_tampered (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Decision decision = granted (4);
  DecisionSeal seal = issue (&decision);
  g_autofree char *upper = g_ascii_strup (seal.code, -1), *more = g_strconcat (seal.code, "0", NULL);
  g_autofree char *less = g_strndup (seal.code, 31);
  char turned[33];
  g_strlcpy (turned, seal.code, sizeof turned);
  for (int i = 0; i <= DECISION_CODE_LENGTH; i++) {
    const char *const others[] = { upper, more, less, "", "' OR 1=1 --", "％", turned };
    bool turn = i < DECISION_CODE_LENGTH;
    if (turn)
      turned[i] = turned[i] == '0' ? '1' : '0';
    for (size_t k = turn ? 6 : 0; k < (turn ? 7 : 6); k++) {
      g_autoptr (GError) error = NULL;
      if (g_str_equal (others[k], seal.code))
        continue; /* a code without letters is its own capitals */
      g_assert_null (decisions_verify (decisions, arena, others[k], &error));
      g_assert_error (error, FAULT, FAULT_NOT_FOUND);
    }
    if (turn)
      turned[i] = seal.code[i];
  }
}

/* What a case decides anew replaces its paper, and what is put into a digest changes it. */
static void
test_replaced (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Decision decision = granted (5), changed[] = { decision, decision, decision, decision, decision };
  DecisionSeal first = issue (&decision), last = first;
  changed[0].amount_fen++;
  changed[1].applicant = "陈测验";
  changed[2].granted = false;
  changed[3].reason = "另有理由";
  changed[4].decided_at++;
  for (size_t i = 0; i < G_N_ELEMENTS (changed); i++) {
    DecisionSeal next = issue (&changed[i]);
    g_assert_cmpstr (next.code, !=, last.code);
    g_assert_true (decisions_verify (decisions, arena, last.code, NULL)->replaced);
    g_assert_false (decisions_verify (decisions, arena, next.code, NULL)->replaced);
    last = next;
  }
  g_assert_true (decisions_verify (decisions, arena, first.code, NULL)->replaced);
}

/* Each paper is one entry in its person's log, with no word of what was decided. */
static void
test_logged (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Decision decision = granted (6);
  decision.person = 4242;
  DecisionSeal seal = issue (&decision);
  issue (&decision);
  size_t n;
  const AuditRecord *records
      = audit_entries_about (registry_store (town.registry), arena, 4242, 0, 10, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (records[0].entry.actor, ==, "clerk");
  g_assert_nonnull (strstr (records[0].entry.detail, seal.digest));
  g_assert_null (strstr (records[0].entry.detail, seal.code)); /* who reads the log cannot show the paper */
}

static void
test_refused (void)
{
  Decision decision = granted (7);
  decision.number = "";
  GError *error = NULL;
  DecisionSeal seal;
  g_assert_false (decisions_issue (decisions, &clerk, &decision, &seal, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  package = town_package ();
  town_open_demo (&town, package, 60, 7);
  decisions = decisions_open (registry_store (town.registry), &error);
  g_assert_no_error (error);
  g_test_add_func ("/decisions/paper", test_paper);
  g_test_add_func ("/decisions/english", test_english);
  g_test_add_func ("/decisions/reasons", test_reasons);
  g_test_add_func ("/decisions/verify", test_verify);
  g_test_add_func ("/decisions/tampered", test_tampered);
  g_test_add_func ("/decisions/replaced", test_replaced);
  g_test_add_func ("/decisions/logged", test_logged);
  g_test_add_func ("/decisions/refused", test_refused);
  int status = g_test_run ();
  decisions_free (decisions);
  town_close (&town);
  policy_free (package);
  return status;
}
