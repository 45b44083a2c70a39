#include "support.h"

static void
test_alloc (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  struct {
    unsigned char *p;
    size_t size;
  } pieces[500];
  for (int i = 0; i < 500; i++) {
    size_t size = (size_t)g_rand_int_range (rand, 0, i % 50 ? 300 : 3000000 / (i + 1));
    unsigned char *p = arena_alloc (arena, size);
    g_assert_nonnull (p);
    g_assert_cmpuint ((guintptr)p % 16, ==, 0);
    for (size_t j = 0; j < size; j++)
      g_assert_cmpuint (p[j], ==, 0);
    memset (p, i & 0xff, size);
    pieces[i].p = p;
    pieces[i].size = size;
  }
  for (int i = 0; i < 500; i++) /* no piece lies over another */
    for (size_t j = 0; j < pieces[i].size; j++)
      g_assert_cmpuint (pieces[i].p[j], ==, i & 0xff);
}

static void
test_empty_pieces_differ (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_assert_true (arena_alloc (arena, 0) != arena_alloc (arena, 0));
}

static void
test_reset (void)
{
  g_autoptr (Arena) arena = arena_new ();
  arena_reset (arena); /* an untouched arena too */
  g_assert_cmpuint (arena_used (arena), ==, 0);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 100; i++)
      memset (arena_alloc (arena, 1000), 0xff, 1000);
    g_assert_cmpuint (arena_used (arena), >=, 100000);
    arena_reset (arena);
    g_assert_cmpuint (arena_used (arena), ==, 0);
    unsigned char *fresh = arena_alloc (arena, 5000);
    for (int i = 0; i < 5000; i++)
      g_assert_cmpuint (fresh[i], ==, 0);
  }
}

static void
test_text (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_assert_cmpstr (arena_text (arena, (Text){ "闽侯县", 6 }), ==, "闽侯");
  g_assert_cmpstr (arena_text (arena, (Text){ NULL, 0 }), ==, "");
  Text copy = arena_text_copy (arena, text_of ("竹岐乡"));
  g_assert_true (text_equal (copy, text_of ("竹岐乡")));
  g_assert_cmpuint (copy.bytes[copy.len], ==, '\0');
  g_assert_cmpstr (arena_printf (arena, "%s:%d", "a.md", 12), ==, "a.md:12");
  g_autofree char *big = g_strnfill (100000, 'x');
  g_assert_cmpuint (strlen (arena_printf (arena, "<%s>", big)), ==, 100002);
  arena_free (NULL);
}

static void
test_copy (void)
{
  g_autoptr (Arena) arena = arena_new ();
  int numbers[] = { 3, 1, 4 };
  const int *copy = arena_copy (arena, numbers, sizeof numbers);
  numbers[0] = 0;
  g_assert_cmpint (copy[0], ==, 3);
  g_assert_cmpint (copy[2], ==, 4);
  g_assert_nonnull (arena_copy (arena, NULL, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arena/alloc", test_alloc);
  g_test_add_func ("/arena/empty pieces differ", test_empty_pieces_differ);
  g_test_add_func ("/arena/reset", test_reset);
  g_test_add_func ("/arena/text", test_text);
  g_test_add_func ("/arena/copy", test_copy);
  return g_test_run ();
}
