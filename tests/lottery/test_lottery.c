/* Lots: published examples, and every ticket against libcrypto's own HMAC. */
#include "lottery/lottery.h"
#include "support.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static LotteryHash
from_hex (const char *text)
{
  LotteryHash hash;
  g_assert_true (lottery_from_hex (text_of (text), &hash));
  return hash;
}

static void
assert_hash (const LotteryHash *hash, const char *expected)
{
  char text[LOTTERY_HEX];
  g_assert_cmpstr (lottery_hex (hash, text), ==, expected);
}

static Day
day (const char *text)
{
  Day d;
  g_assert_true (civil_parse (text_of (text), &d));
  return d;
}

/* RFC 3797, section 6. */
static void
test_rfc3797 (void)
{
  static const char key[] = "9319./2.5.8.10.12./9.18.26.34.41.45./";
  static const guint32 expected[] = { 17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22 };
  static const char *const digests[]
      = { "990DD0A5692A029A98B5E01AA28F3459", "3691E55CB63FCC37914430B2F70B5EC6",
          "FE814EDF564C190AC1D25753979990FA" };
  guint32 selected[25];
  g_autoptr (GError) error = NULL;
  g_assert_true (lottery_rfc3797 (key, 25, G_N_ELEMENTS (expected), selected, &error));
  g_assert_cmpmem (selected, sizeof expected, expected, sizeof expected);
  for (guint32 place = 0; place < 3; place++) {
    guint8 digest[LOTTERY_MD5_BYTES];
    char shown[2 * LOTTERY_MD5_BYTES + 1];
    g_assert_true (lottery_rfc3797_digest (key, place, digest));
    for (size_t i = 0; i < LOTTERY_MD5_BYTES; i++)
      g_snprintf (shown + 2 * i, 3, "%02X", digest[i]);
    g_assert_cmpstr (shown, ==, digests[place]);
  }
  g_assert_true (lottery_rfc3797 (key, 25, 25, selected, &error)); /* everybody, each once */
  guint32 seen = 0;
  for (size_t i = 0; i < 25; i++)
    seen |= 1U << selected[i];
  g_assert_cmpuint (seen, ==, 0x3fffffe);
  g_assert_false (lottery_rfc3797 (key, 25, 26, selected, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
}

static const char *const six[] = { "A0001", "A0002", "A0003", "A0004", "A0005", "A0006" };

/* Computed with Python's hmac and hashlib. */
static void
test_tickets (void)
{
  static const guint32 expected[] = { 4, 2, 0, 5, 3, 1 };
  LotteryHash seed = from_hex ("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  guint8 tickets[6][LOTTERY_BYTES];
  guint32 order[6];
  lottery_tickets (&seed, "school-2026-P1", six, 6, 2, tickets);
  lottery_order ((const guint8 (*)[LOTTERY_BYTES])tickets, six, 6, order);
  g_assert_cmpmem (order, sizeof order, expected, sizeof expected);
  LotteryHash first;
  memcpy (first.bytes, tickets[4], LOTTERY_BYTES);
  assert_hash (&first, "10ff3d1a8c0b2c7bc48df2eef1aeacb8bcab97a0c752b957aa8c0021a8d5a5ad");
}

static void
test_equal_tickets (void)
{
  static const char *const ids[] = { "b", "c", "a" };
  static const guint8 tickets[3][LOTTERY_BYTES] = { { 1 }, { 0, 9 }, { 1 } };
  guint32 order[3];
  lottery_order (tickets, ids, 3, order);
  g_assert_cmpuint (order[0], ==, 1);
  g_assert_cmpuint (order[1], ==, 2);
  g_assert_cmpuint (order[2], ==, 0);
}

/* Ids and pools of every length about the block's ends, one thread and several: each ticket as HMAC() has it,
 * and the same whoever else is there. */
static void
test_against_libcrypto (void)
{
  enum { N = 20000 };
  g_autoptr (GRand) random = g_rand_new_with_seed (3797);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < N; i++)
    g_ptr_array_add (ids, g_strdup_printf ("%0*u", g_rand_int_range (random, 1, 200), i));
  g_autofree guint8 (*tickets)[LOTTERY_BYTES] = g_malloc (N * LOTTERY_BYTES);
  for (size_t length = 1; length < 80; length += 13) {
    g_autofree char *pool = g_strnfill (length, 'p');
    LotteryHash seed = lottery_digest (pool, length);
    lottery_tickets (&seed, pool, (const char *const *)ids->pdata, N, (unsigned)(length % 4), tickets);
    for (size_t i = 0; i < N; i += 1 + length) {
      g_autofree char *message = g_strconcat (pool, "\x1f", g_ptr_array_index (ids, i), NULL);
      guint8 expected[LOTTERY_BYTES];
      unsigned len;
      g_assert_nonnull (HMAC (EVP_sha256 (), seed.bytes, LOTTERY_BYTES, (const guint8 *)message,
                              strlen (message), expected, &len));
      g_assert_cmpmem (tickets[i], LOTTERY_BYTES, expected, LOTTERY_BYTES);
    }
  }
}

static void
test_list (void)
{
  static const char *const shuffled[] = { "A0004", "A0001", "A0006", "A0003", "A0002", "A0005" };
  LotteryHash list;
  g_autoptr (GError) error = NULL;
  g_assert_true (lottery_list (six, 6, &list, &error));
  assert_hash (&list, "2863ac7b1e7a35fb89d124243025a005a1bf526905548eab5d259e79ce998086");
  g_assert_true (lottery_list (shuffled, 6, &list, &error));
  assert_hash (&list, "2863ac7b1e7a35fb89d124243025a005a1bf526905548eab5d259e79ce998086");
  g_assert_true (lottery_list (NULL, 0, &list, &error));
  assert_hash (&list, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
test_bad_lists (void)
{
  static const struct {
    const char *ids[3], *says;
  } cases[] = {
    { { "A1", "A2", "A1" }, "A1 is on the list twice" },
    { { "A1", "", "A2" }, "\"\" is no application id" },
    { { "A1", "A2\nA3", "A4" }, "\"A2\\nA3\" is no application id" },
    { { "A1", "A2\x1f", "A4" }, "\"A2\\037\" is no application id" },
    { { "A1", "\xff", "A4" }, "is no application id" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    LotteryHash list;
    g_autoptr (GError) error = NULL;
    g_assert_false (lottery_list (cases[i].ids, 3, &list, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_nonnull (strstr (error->message, cases[i].says));
  }
}

/* ---- announcing and revealing ---- */

typedef struct {
  LotteryAnnouncement announcement;
  LotteryReveal reveal;
} Draw;

static Draw
example (void)
{
  Draw d = { 0 };
  memset (d.reveal.secret.bytes, 0x5a, LOTTERY_BYTES);
  d.announcement.pool = "school-2026-P1";
  g_assert_true (lottery_list (six, 6, &d.announcement.list, NULL));
  d.announcement.rules = lottery_digest ("rules", 5);
  d.announcement.commitment = lottery_commitment (&d.reveal.secret);
  d.announcement.source = (LotterySource){ "双色球 2026079", day ("2026-07-12") };
  d.announcement.fallback = (LotterySource){ "大乐透", day ("2026-07-15") };
  d.reveal.source = d.announcement.source;
  d.reveal.value = "03 08 14 22 27 31 + 05";
  return d;
}

/* Computed with Python's hashlib and struct.pack (">Q"). */
static void
test_seed (void)
{
  Draw d = example ();
  LotteryHash announcement, seed;
  g_autoptr (GError) error = NULL;
  g_assert_true (lottery_announce (&d.announcement, &announcement, &error));
  assert_hash (&announcement, "99015d50214657705bf9b1d05a4bbf7227a7314593e5548eec8e396958cedc15");
  g_assert_true (lottery_seed (&d.announcement, &d.reveal, &seed, &error));
  assert_hash (&seed, "d7d4632c56b29fc71b66802fdbb9db5238d321068bbae3cb69a1978d8415feeb");
  d.reveal.source = (LotterySource){ "大乐透", day ("2026-07-18") };
  g_assert_true (lottery_seed (&d.announcement, &d.reveal, &seed, &error));
}

/* Whatever is announced or revealed otherwise gives another seed or none. */
static void
test_everything_counts (void)
{
  enum { CHANGES = 11 };
  static const bool drawn[CHANGES] = { true, true, true, true, false, false, false, true, true, true, false };
  Draw d = example ();
  LotteryHash seeds[CHANGES + 1];
  g_assert_true (lottery_seed (&d.announcement, &d.reveal, &seeds[CHANGES], NULL));
  for (int change = 0; change < CHANGES; change++) {
    Draw c = example ();
    void *bytes[] = { c.announcement.list.bytes,       c.announcement.rules.bytes, NULL, NULL,
                      c.announcement.commitment.bytes, c.reveal.secret.bytes };
    if (change < (int)G_N_ELEMENTS (bytes) && bytes[change])
      ((guint8 *)bytes[change])[31] ^= 1;
    c.announcement.pool = change == 2 ? "school-2026-P2" : c.announcement.pool;
    c.reveal.value = change == 3 ? "03 08 14 22 27 31 + 06" : change == 10 ? "" : c.reveal.value;
    c.reveal.source.day += change == 6;
    c.announcement.source.day += change == 7;
    c.reveal.source.day += change == 7;
    c.announcement.fallback.day += change == 8;
    c.announcement.fallback.name = change == 9 ? NULL : c.announcement.fallback.name;
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (lottery_seed (&c.announcement, &c.reveal, &seeds[change], &error), ==, drawn[change]);
    g_assert_cmpint (error != NULL, ==, !drawn[change]);
    for (int other = 0; drawn[change] && other <= CHANGES; other++)
      if (other == CHANGES || (other < change && drawn[other]))
        g_assert_cmpint (memcmp (&seeds[change], &seeds[other], sizeof seeds[0]), !=, 0);
  }
}

static void
test_refused (void)
{
  static const struct {
    const char *source, *day, *says;
  } cases[] = {
    { "双色球 2026079", "2026-07-13", "announced were \"双色球 2026079\" on 2026-07-12" },
    { "大乐透", "2026-07-14", "as fallback, \"大乐透\" from 2026-07-15" },
    { "快乐8", "2026-07-15", "the public value is of \"快乐8\"" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Draw d = example ();
    LotteryHash seed;
    g_autoptr (GError) error = NULL;
    d.reveal.source = (LotterySource){ cases[i].source, day (cases[i].day) };
    g_assert_false (lottery_seed (&d.announcement, &d.reveal, &seed, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_nonnull (strstr (error->message, cases[i].says));
  }
}

static void
test_secrets (void)
{
  LotteryHash a, b;
  g_assert_true (lottery_secret (&a, NULL));
  g_assert_true (lottery_secret (&b, NULL));
  g_assert_cmpint (memcmp (&a, &b, sizeof a), !=, 0);
  g_assert_false (lottery_from_hex (text_of ("5dc9"), &a));
  g_assert_false (
      lottery_from_hex (text_of ("zdc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"), &a));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lottery/rfc3797", test_rfc3797);
  g_test_add_func ("/lottery/tickets", test_tickets);
  g_test_add_func ("/lottery/equal-tickets", test_equal_tickets);
  g_test_add_func ("/lottery/libcrypto", test_against_libcrypto);
  g_test_add_func ("/lottery/list", test_list);
  g_test_add_func ("/lottery/bad-lists", test_bad_lists);
  g_test_add_func ("/lottery/seed", test_seed);
  g_test_add_func ("/lottery/everything-counts", test_everything_counts);
  g_test_add_func ("/lottery/refused", test_refused);
  g_test_add_func ("/lottery/secrets", test_secrets);
  return g_test_run ();
}
