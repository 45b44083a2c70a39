/* Drawing a transcript again.  What it says is read, every hash, the seed, the tickets and the places are
 * computed from it anew, and the lines are written anew: a line that then reads otherwise does not hold.
 * Tickets are computed by libcrypto's own HMAC and not by lottery_tickets, so that an error there cannot
 * vouch for itself. */
#include "allocation/transcript_private.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

enum { CHECKS_MAX = 12, SHOWN_MAX = 160 };

typedef struct {
  Arena *arena;
  Text text;
  const char *origin;
  const LotteryHash *published;
  AllocationTranscript transcript;
  AllocationCheck *checks;
  size_t n;
  size_t at, row; /* of the first line that is not compared yet */
  LotteryHash seed;
  const guint8 (*tickets)[LOTTERY_BYTES];
} Verifier;

/* Notes a check; FAULT NULL: it holds. */
static bool
check (Verifier *v, const char *what, const char *fault)
{
  g_assert (v->n < CHECKS_MAX);
  v->checks[v->n++] = (AllocationCheck){ what, fault };
  return fault == NULL;
}

static bool
check_error (Verifier *v, const char *what, GError *error)
{
  const char *fault = arena_printf (v->arena, "%s", error->message);
  g_error_free (error);
  return check (v, what, fault);
}

/* ---- lines ------------------------------------------------------------- */

static Text
line_at (Text text, size_t at)
{
  ptrdiff_t end = text_find (text, "\n", at);
  return (Text){ text.bytes + at, (end < 0 ? text.len : (size_t)end) - at };
}

/* The lines from where the comparison stands against EXPECTED: NULL, or the first that differs. */
static const char *
compare (Verifier *v, const GString *expected)
{
  Text computed = { expected->str, expected->len };
  for (size_t at = 0; at < computed.len;) {
    Text line = line_at (computed, at);
    Text found = v->at < v->text.len ? line_at (v->text, v->at) : text_of (NULL);
    v->row++;
    if (!text_equal (line, found))
      return arena_printf (v->arena, "row %zu says %.*s and computed is %.*s", v->row,
                           (int)MIN (found.len, SHOWN_MAX), found.bytes, (int)MIN (line.len, SHOWN_MAX),
                           line.bytes);
    at += line.len + 1;
    v->at += found.len + 1;
  }
  return NULL;
}

/* ---- checks, in the order in which they are told ----------------------- */

static bool
check_whole (Verifier *v)
{
  static const char what[] = "the file ends as it was written: its last line is the SHA-256 of all before it";
  size_t last = v->text.len ? v->text.len - 1 : 0;
  while (last && v->text.bytes[last - 1] != '\n')
    last--;
  g_autoptr (GString) end = g_string_new_len (v->text.bytes, (gssize)last);
  transcript_end (end);
  bool same = end->len == v->text.len && memcmp (end->str, v->text.bytes, end->len) == 0;
  return check (v, what, same ? NULL : "its last line is another");
}

static bool
check_readable (Verifier *v)
{
  GError *error = NULL;
  static const char what[] = "rules, applications and places can be read";
  if (!allocation_transcript_read (v->arena, v->text, v->origin, &v->transcript, &error))
    return check_error (v, what, error);
  return check (v, what, NULL);
}

static bool
check_closing (Verifier *v)
{
  static const char what[] = "the list's hash and that of rules and applications are those of the closing";
  AllocationSpec *spec = v->transcript.spec;
  GError *error = NULL;
  g_autoptr (GString) problem = g_string_new (NULL);
  allocation_problem_text (spec, problem);
  const char *fault = compare (v, problem);
  if (fault)
    return check (v, what, fault);
  g_string_truncate (problem, 0);
  if (!allocation_close (spec, &error) || !transcript_closing (spec, problem, &error))
    return check_error (v, what, error);
  return check (v, what, compare (v, problem));
}

static bool
check_published (Verifier *v)
{
  static const char what[] = "the announcement is the one that was published";
  LotteryHash fingerprint;
  char hex[LOTTERY_HEX];
  if (!v->published)
    return true;
  if (!v->transcript.spec->has_lottery
      || !lottery_announce (&v->transcript.spec->announcement, &fingerprint, NULL))
    return check (v, what, "the transcript has no announcement");
  if (memcmp (&fingerprint, v->published, sizeof fingerprint) == 0)
    return check (v, what, NULL);
  return check (v, what, arena_printf (v->arena, "the transcript's is %s", lottery_hex (&fingerprint, hex)));
}

static bool
check_drawing (Verifier *v)
{
  static const char what[] = "the secret opens the commitment, and with the public value it gives the seed";
  const AllocationSpec *spec = v->transcript.spec;
  GError *error = NULL;
  if (!spec->is_drawn)
    return spec->ties != ALLOCATION_TIES_LOTTERY || check (v, what, "the lot decides, and nothing was drawn");
  g_autoptr (GString) drawing = g_string_new (NULL);
  if (!transcript_drawing (spec, drawing, &error)
      || !lottery_seed (&spec->announcement, &spec->reveal, &v->seed, &error))
    return check_error (v, what, error);
  return check (v, what, compare (v, drawing));
}

/* Every ticket by libcrypto's HMAC; false when it has none. */
static bool
draw_again (Verifier *v, guint8 (*tickets)[LOTTERY_BYTES])
{
  const AllocationSpec *spec = v->transcript.spec;
  EVP_MAC *hmac = EVP_MAC_fetch (NULL, "HMAC", NULL);
  EVP_MAC_CTX *sum = hmac ? EVP_MAC_CTX_new (hmac) : NULL;
  char name[] = "SHA256";
  OSSL_PARAM digest[]
      = { OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_construct_end () };
  bool ok = sum && EVP_MAC_init (sum, v->seed.bytes, LOTTERY_BYTES, digest) == 1;
  for (size_t i = 0; i < spec->n && ok; i++) {
    size_t len;
    ok = EVP_MAC_init (sum, NULL, 0, NULL) == 1
         && EVP_MAC_update (sum, (const guint8 *)spec->pool, strlen (spec->pool)) == 1
         && EVP_MAC_update (sum, (const guint8 *)"\x1f", 1) == 1
         && EVP_MAC_update (sum, (const guint8 *)spec->ids[i], strlen (spec->ids[i])) == 1
         && EVP_MAC_final (sum, tickets[i], &len, LOTTERY_BYTES) == 1;
  }
  EVP_MAC_CTX_free (sum);
  EVP_MAC_free (hmac);
  return ok;
}

static bool
check_places (Verifier *v)
{
  const AllocationSpec *spec = v->transcript.spec;
  const char *what
      = spec->is_drawn
            ? "every ticket is the HMAC of pool and application, and they are listed in their order"
            : "every application is listed, once";
  if (spec->is_drawn) {
    guint8 (*tickets)[LOTTERY_BYTES] = arena_alloc (v->arena, MAX (spec->n, 1) * LOTTERY_BYTES);
    if (!draw_again (v, tickets))
      return check (v, what, "libcrypto has no HMAC");
    v->tickets = (const guint8 (*)[LOTTERY_BYTES])tickets;
  }
  g_autofree guint32 *order = g_new (guint32, MAX (spec->n, 1));
  transcript_order (spec, v->tickets, order);
  g_autoptr (GString) lines = g_string_new (NULL);
  for (size_t i = 0; i < spec->n; i++)
    transcript_placed (spec, order[i], v->tickets ? v->tickets[order[i]] : NULL, &v->transcript.outcome,
                       lines);
  if (!check (v, what, compare (v, lines)))
    return false;
  g_autoptr (GString) result = g_string_new (NULL);
  transcript_result (spec, &v->transcript.outcome, (Text){ lines->str, lines->len }, result);
  return check (v, "the result's counts and hash are those of the places", compare (v, result));
}

/* The row of the application I. */
static size_t
row_of (const Verifier *v, size_t i)
{
  const AllocationTranscript *t = &v->transcript;
  size_t row = t->n_problem + 2 + t->spec->is_drawn;
  for (size_t at = 0; at < t->spec->n; at++)
    if (t->order[at] == i)
      return row + at;
  return 0;
}

static bool
check_certificate (Verifier *v, const AllocationProblem *problem)
{
  static const char what[]
      = "nobody was refused a place that somebody with a lesser claim holds, and none stays empty "
        "that somebody would rather have";
  GError *error = NULL;
  guint32 culprit = 0;
  if (allocation_certify (problem, v->transcript.outcome.unit_of, v->transcript.outcome.slots_of, &culprit,
                          &error))
    return check (v, what, NULL);
  const char *fault = arena_printf (v->arena, "row %zu: %s %s", row_of (v, culprit),
                                    v->transcript.spec->ids[culprit], error->message);
  g_error_free (error);
  return check (v, what, fault);
}

static bool
check_again (Verifier *v, const AllocationResult *again)
{
  static const char what[] = "run again, everybody has the same place";
  const AllocationSpec *spec = v->transcript.spec;
  const AllocationOutcome *said = &v->transcript.outcome;
  for (size_t i = 0; i < spec->n; i++)
    if (again->unit_of[i] != said->unit_of[i] || again->slots_of[i] != said->slots_of[i])
      return check (v, what,
                    arena_printf (v->arena, "row %zu: %s has now %s%s", row_of (v, i), spec->ids[i],
                                  again->unit_of[i] == ALLOCATION_NOWHERE ? "no place"
                                                                          : spec->units[again->unit_of[i]].id,
                                  again->unit_of[i] == said->unit_of[i] ? ", by other slots" : ""));
  return check (v, what, NULL);
}

static void
check_all (Verifier *v)
{
  if (!check_whole (v) || !check_readable (v) || !check_closing (v) || !check_published (v)
      || !check_drawing (v) || !check_places (v))
    return;
  AllocationProblem problem = allocation_spec_problem (v->transcript.spec, v->arena, v->tickets);
  const AllocationSiblings *siblings; /* their claims hold a tier of which pass: the certificate needs it */
  GError *error = NULL;
  const AllocationResult *again
      = allocation_spec_run (v->transcript.spec, &problem, &siblings, v->arena, &error);
  if (!again)
    check_error (v, "the rules can be run", error);
  else if (check_certificate (v, &problem))
    check_again (v, again);
}

const AllocationCheck *
allocation_verify (Arena *arena, Text text, const char *origin, const LotteryHash *published, size_t *n)
{
  Verifier v = { .arena = arena,
                 .text = text,
                 .origin = origin,
                 .published = published,
                 .checks = arena_new0 (arena, AllocationCheck, CHECKS_MAX) };
  check_all (&v);
  *n = v.n;
  return v.checks;
}
