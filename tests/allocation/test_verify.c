/* Transcripts: the examples hold; each value changed, in a file sealed again, does not. */
#include "allocation/allocation.h"
#include "support.h"

typedef struct {
  Arena *arena;
  AllocationSpec *spec;
  GString *text;
  LotteryHash announcement;
} Drawn;

static void
write_transcript (Drawn *d)
{
  g_autoptr (GError) error = NULL;
  const guint8 (*tickets)[LOTTERY_BYTES] = NULL;
  g_string_truncate (d->text, 0);
  g_assert_true (allocation_close (d->spec, &error));
  if (d->spec->is_drawn)
    g_assert_true (allocation_draw (d->spec, d->arena, 2, &tickets, &error));
  AllocationProblem problem = allocation_spec_problem (d->spec, d->arena, tickets);
  const AllocationSiblings *siblings;
  const AllocationResult *result = allocation_spec_run (d->spec, &problem, &siblings, d->arena, &error);
  g_assert_no_error (error);
  AllocationOutcome outcome = { tickets, result->unit_of, result->slots_of };
  g_assert_true (allocation_transcript (d->spec, &outcome, d->text, &error));
  if (d->spec->has_lottery)
    g_assert_true (lottery_announce (&d->spec->announcement, &d->announcement, &error));
}

static void
draw (const char *example, Drawn *d)
{
  g_autofree char *name = g_strdup_printf ("docs/examples/allocation/%s.yaml", example);
  g_autofree char *path = support_source (name);
  g_autoptr (GError) error = NULL;
  d->arena = arena_new ();
  d->text = g_string_new (NULL);
  d->spec = allocation_spec_read (d->arena, path, &error);
  g_assert_no_error (error);
  write_transcript (d);
}

static void
drop (Drawn *d)
{
  g_string_free (d->text, TRUE);
  arena_free (d->arena);
}

/* The first fault in TEXT, or NULL.  Free it. */
static char *
fault_in (const char *text, const LotteryHash *published)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const AllocationCheck *checks = allocation_verify (arena, text_of (text), "t", published, &n);
  for (size_t i = 0; i + 1 < n; i++)
    g_assert_null (checks[i].fault);
  return g_strdup (checks[n - 1].fault);
}

/* TEXT with the hash behind MARK made that of the bytes from FROM to there. */
static char *
sealed (const char *text, const char *from, const char *line, const char *mark)
{
  const char *start = strstr (text, from), *end = strstr (text, line),
             *hash = end ? strstr (end, mark) : NULL;
  g_assert_true (start && hash);
  g_autofree char *sum
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)start, (gsize)(end - start));
  GString *out = g_string_new_len (text, hash - text);
  g_string_append_printf (out, "%s%s%s", mark, sum, hash + strlen (mark) + 64);
  return g_string_free (out, FALSE);
}

/* The result's hash and the last line anew, as somebody would who wants to hide a change. */
static char *
sealed_again (const char *text)
{
  g_autofree char *result = strstr (text, "{\"placed\"") && strstr (text, "{\"result\"")
                                    && strstr (text, "{\"placed\"") < strstr (text, "{\"result\"")
                                ? sealed (text, "{\"placed\"", "{\"result\"", "\"hash\":\"")
                                : g_strdup (text);
  return sealed (result, "{", "{\"end\"", "\"end\":\"");
}

static const char *const all[] = { "school-seats", "recruitment",    "public-rental", "points-promotion",
                                   "jury-prizes",  "several-traits", "shared-cap",    "siblings" };

static void
test_holds (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (all); i++) {
    Drawn d;
    draw (all[i], &d);
    g_autofree char *fault = fault_in (d.text->str, d.spec->has_lottery ? &d.announcement : NULL);
    g_assert_null (fault);
    drop (&d);
  }
}

/* The last character of each string and number of the file, but those of the last line, changed one at a
 * time. */
static void
test_every_value (gconstpointer example)
{
  Drawn d;
  draw (example, &d);
  g_autofree char *whole = g_strdup (d.text->str);
  size_t changes = 0, stop = d.text->len - strlen (strstr (whole, "{\"end\""));
  for (size_t i = 1; i < stop; i++) {
    char c = d.text->str[i], next = d.text->str[i + 1];
    bool ends = (next == '"' || (g_ascii_isdigit (c) && strchr (",]}", next))) && (g_ascii_isalnum (c));
    bool is_key = next == '"' && d.text->str[i + 2] == ':';
    if (!ends || is_key)
      continue;
    d.text->str[i] = c == '1' ? '2' : '1';
    g_autofree char *plain = fault_in (d.text->str, NULL);
    g_assert_cmpstr (plain, ==, "its last line is another");
    g_autofree char *again = sealed_again (d.text->str), *hidden = fault_in (again, NULL);
    if (!hidden && !g_str_equal (again, whole)) /* the result's hash is put right again by sealing */
      g_error ("byte %zu of %s may be changed unseen", i, (const char *)example);
    d.text->str[i] = c;
    changes++;
  }
  g_test_message ("%zu values", changes);
  g_assert_cmpuint (changes, >, 60);
  drop (&d);
}

/* Two who exchange places, as an office might: the row of who was passed over is named. */
static void
test_exchange (void)
{
  Drawn d;
  draw ("jury-prizes", &d);
  static const char held[] = "{\"placed\":\"J1\",\"unit\":\"一等奖\"",
                    wanted[] = "{\"placed\":\"J2\",\"unit\":\"二等奖\"";
  g_auto (GStrv) first = g_strsplit (d.text->str, held, 2);
  g_autofree char *half = g_strjoinv ("{\"placed\":\"J1\",\"unit\":\"二等奖\"", first);
  g_auto (GStrv) second = g_strsplit (half, wanted, 2);
  g_autofree char *swapped = g_strjoinv ("{\"placed\":\"J2\",\"unit\":\"一等奖\"", second);
  g_autofree char *again = sealed_again (swapped), *fault = fault_in (again, NULL);
  g_assert_cmpstr (fault, ==, "row 14: J1 was refused a place that somebody with no better claim holds");
  drop (&d);
}

/* Stable, and not what the mechanism gives: the best for the applicants is one of several. */
static void
test_other_stable (void)
{
  static const char *const yaml
      = "pool: P\nties: reject-all\nkeys: [{name: k, of: choice, order: ascending}]\n"
        "units: [{id: A, places: 1}, {id: B, places: 1}]\n"
        "applicants: [{id: a, choices: [A, B], k: [2, 1]}, {id: b, choices: [B, A], k: [2, 1]}]\n";
  g_autofree char *folder = support_folder (), *path = g_build_filename (folder, "s.yaml", NULL);
  g_assert_true (g_file_set_contents (path, yaml, -1, NULL));
  Drawn d = { .arena = arena_new (), .text = g_string_new (NULL) };
  d.spec = allocation_spec_read (d.arena, path, NULL);
  write_transcript (&d);
  static const guint32 unit_of[] = { 1, 0 }, slots_of[] = { 0, 0 };
  AllocationOutcome other = { NULL, unit_of, slots_of };
  g_string_truncate (d.text, 0);
  g_assert_true (allocation_transcript (d.spec, &other, d.text, NULL));
  g_autofree char *fault = fault_in (d.text->str, NULL);
  g_assert_cmpstr (fault, ==, "row 7: a has now A");
  support_remove (folder);
  drop (&d);
}

/* Drawn again from a changed list, everything is consistent: what was published tells. */
static void
test_published (void)
{
  Drawn d;
  draw ("school-seats", &d);
  LotteryHash published = d.announcement;
  ((gint64 *)d.spec->values[1])[0] += 10;
  write_transcript (&d);
  g_autofree char *alone = fault_in (d.text->str, NULL), *fault = fault_in (d.text->str, &published);
  g_assert_null (alone);
  g_assert_true (g_str_has_prefix (fault, "the transcript's is "));
  drop (&d);
}

/* Lines missing, doubled, exchanged, cut: said, and never more than said. */
static void
test_broken (void)
{
  Drawn d;
  draw ("public-rental", &d);
  g_auto (GStrv) lines = g_strsplit (d.text->str, "\n", -1);
  for (guint i = 0; lines[i] && *lines[i]; i++) {
    g_autoptr (GString) without = g_string_new (NULL), twice = g_string_new (NULL);
    for (guint j = 0; lines[j] && *lines[j]; j++) {
      g_string_append_printf (without, "%s%s", j == i ? "" : lines[j], j == i ? "" : "\n");
      g_string_append_printf (twice, "%s\n%s%s", lines[j], j == i ? lines[j] : "", j == i ? "\n" : "");
    }
    bool last = !lines[i + 1] || !*lines[i + 1];
    g_autofree char *a = last ? g_strdup (without->str) : sealed_again (without->str);
    g_autofree char *b = last ? g_strdup (twice->str) : sealed_again (twice->str);
    g_autofree char *missing = fault_in (a, NULL), *doubled = fault_in (b, NULL);
    g_assert_nonnull (missing);
    g_assert_nonnull (doubled);
  }
  for (size_t len = 0; len < d.text->len; len += 97) {
    g_autofree char *cut = g_strndup (d.text->str, len), *fault = fault_in (cut, NULL);
    g_assert_nonnull (fault);
  }
  drop (&d);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocation/verify/holds", test_holds);
  g_test_add_data_func ("/allocation/verify/every-value/rental", "public-rental", test_every_value);
  g_test_add_data_func ("/allocation/verify/every-value/school", "school-seats", test_every_value);
  g_test_add_data_func ("/allocation/verify/every-value/jury", "jury-prizes", test_every_value);
  g_test_add_data_func ("/allocation/verify/every-value/cap", "shared-cap", test_every_value);
  g_test_add_data_func ("/allocation/verify/every-value/siblings", "siblings", test_every_value);
  g_test_add_data_func ("/allocation/verify/every-value/traits", "several-traits", test_every_value);
  g_test_add_func ("/allocation/verify/exchange", test_exchange);
  g_test_add_func ("/allocation/verify/other-stable", test_other_stable);
  g_test_add_func ("/allocation/verify/published", test_published);
  g_test_add_func ("/allocation/verify/broken", test_broken);
  return g_test_run ();
}
