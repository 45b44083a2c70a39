/* The log's encoding: what is written is read; what is cut or foreign is refused. */
#include "registry/registry_private.h"
#include "support.h"

static const PackedFact facts[] = {
  { .number = 0, .form = PACKED_NONE },
  { .number = 31, .form = PACKED_INTEGER, .integer = 0 },
  { .number = 32, .form = PACKED_INTEGER, .integer = -1 },
  { .number = 3, .form = PACKED_INTEGER, .integer = 64 },
  { .number = 4, .form = PACKED_INTEGER, .integer = G_MAXINT64 },
  { .number = 5, .form = PACKED_INTEGER, .integer = G_MININT64 },
  { .number = 4095, .form = PACKED_WORD, .integer = 300 },
  { .number = 7, .form = PACKED_TEXT, .text = { "", 0 } },
  { .number = 8, .form = PACKED_TEXT, .text = { "闽侯", 6 } },
};

static void
write_all (Buffer *buffer)
{
  for (size_t i = 0; i < G_N_ELEMENTS (facts); i++)
    packed_append (buffer, &facts[i]);
}

static void
test_round_trip (void)
{
  Buffer buffer = { 0 };
  write_all (&buffer);
  const guint8 *at = buffer.bytes, *end = at + buffer.len;
  for (size_t i = 0; i < G_N_ELEMENTS (facts); i++) {
    PackedFact fact;
    g_assert_true (packed_next (&at, end, &fact));
    g_assert_cmpuint (fact.number, ==, facts[i].number);
    g_assert_cmpint (fact.form, ==, facts[i].form);
    if (fact.form == PACKED_TEXT)
      g_assert_true (text_equal (fact.text, facts[i].text));
    else
      g_assert_cmpint (fact.integer, ==, facts[i].integer);
  }
  g_assert_true (at == end);
  g_free (buffer.bytes);
}

/* The sizes that the format document promises: a small fact is two bytes. */
static void
test_sizes (void)
{
  static const struct {
    PackedFact fact;
    size_t size;
  } sizes[] = {
    { { .number = 31, .form = PACKED_NONE }, 1 },
    { { .number = 32, .form = PACKED_NONE }, 2 },
    { { .number = 1, .form = PACKED_INTEGER, .integer = 63 }, 2 },
    { { .number = 1, .form = PACKED_INTEGER, .integer = -64 }, 2 },
    { { .number = 1, .form = PACKED_INTEGER, .integer = 64 }, 3 },
    { { .number = 1, .form = PACKED_WORD, .integer = 127 }, 2 },
    { { .number = 1, .form = PACKED_TEXT, .text = { "闽侯", 6 } }, 8 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++) {
    Buffer buffer = { 0 };
    packed_append (&buffer, &sizes[i].fact);
    g_assert_cmpuint (buffer.len, ==, sizes[i].size);
    g_free (buffer.bytes);
  }
}

/* Cut anywhere, the facts before the cut are read, and nothing beyond it. */
static void
test_cut (void)
{
  Buffer buffer = { 0 };
  write_all (&buffer);
  size_t whole = 0;
  for (size_t len = 0; len <= buffer.len; len++) {
    g_autofree guint8 *bytes = g_memdup2 (buffer.bytes, len ? len : 1);
    const guint8 *at = bytes;
    PackedFact fact;
    size_t n = 0;
    while (packed_next (&at, bytes + len, &fact))
      n++;
    g_assert_true (at <= bytes + len);
    g_assert_true (n == whole || n == whole + 1);
    whole = n;
  }
  g_assert_cmpuint (whole, ==, G_N_ELEMENTS (facts));
  g_free (buffer.bytes);
}

static void
test_refuse (void)
{
  static const struct {
    size_t len;
    guint8 bytes[12];
  } bad[] = {
    { 1, { 0x80 } },                                                    /* a number without end */
    { 1, { 0x05 } },                                                    /* an integer without value */
    { 3, { 0x06, 0x05, 'a' } },                                         /* a text longer than the rest */
    { 11, { 0x05, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 } }, /* more than 64 bits */
    { 11, { 0x06, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 } },   /* a huge length */
    { 6, { 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f } },                      /* a huge attribute number */
  };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    const guint8 *at = bad[i].bytes;
    PackedFact fact;
    if (packed_next (&at, bad[i].bytes + bad[i].len, &fact))
      g_error ("case %zu was read", i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/packed/round trip", test_round_trip);
  g_test_add_func ("/registry/packed/sizes", test_sizes);
  g_test_add_func ("/registry/packed/cut short", test_cut);
  g_test_add_func ("/registry/packed/refuse", test_refuse);
  return g_test_run ();
}
