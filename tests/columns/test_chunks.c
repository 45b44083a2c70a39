/* More rows than a chunk, more threads than one: every row is handed out once, with the same
 * answer as plain C's, also where lists of members cross the chunks' ends, and in chunks where
 * a column is one value or no list has members. */
#include "support.h"

#include "columns/columns.h"

#include <string.h>

enum { ROWS = 3 * COLUMNS_CHUNK + 77, MEMBERS_MAX = 5 };

typedef struct {
  gint16 age[ROWS];
  guint32 offsets[ROWS + 1];
  gint32 members[ROWS * MEMBERS_MAX];
  guint8 seen[ROWS];
  gint64 answers[ROWS];
  ColumnsColumn columns[2];
  ColumnsTable table;
} Town;

static const char page[]
    = "## 年长成员数: 数\n\n```feel\ncount(户.成员[年龄 > 户.年龄 and 年龄 >= 60])\n```\n";

static Town *
town_new (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  Town *t = g_new0 (Town, 1);
  for (int r = 0; r < ROWS; r++) {
    int chunk = r / COLUMNS_CHUNK; /* in the second nobody has members, in the third all are 70 */
    t->age[r] = (gint16)(chunk == 2 ? 70 : g_rand_int_range (rand, 0, 100));
    guint32 n = chunk == 1 ? 0 : (guint32)g_rand_int_range (rand, 0, MEMBERS_MAX + 1);
    t->offsets[r + 1] = t->offsets[r] + n;
    for (guint32 m = t->offsets[r]; m < t->offsets[r + 1]; m++)
      t->members[m] = g_rand_int_range (rand, 0, ROWS);
  }
  t->table = (ColumnsTable){ TEXT_LITERAL ("户"), ROWS, 2, t->columns };
  t->columns[0] = (ColumnsColumn){
    .name = TEXT_LITERAL ("年龄"), .kind = COLUMNS_NUMBER, .width = 2, .max = 120, .values = t->age
  };
  t->columns[1] = (ColumnsColumn){ .name = TEXT_LITERAL ("成员"),
                                   .kind = COLUMNS_LIST,
                                   .width = 4,
                                   .target = &t->table,
                                   .most = MEMBERS_MAX,
                                   .values = t->members,
                                   .offsets = t->offsets };
  return t;
}

static const DmnDecision *
read_page (DmnModel *model, Arena *arena)
{
  FeelMember *members = arena_new0 (arena, FeelMember, 2);
  FeelType *type = arena_new0 (arena, FeelType, 1), *list = arena_new0 (arena, FeelType, 1);
  members[0] = (FeelMember){ TEXT_LITERAL ("年龄"), &feel_type_number };
  members[1] = (FeelMember){ TEXT_LITERAL ("成员"), list };
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = 2, .members = members, .closed = true };
  *list = (FeelType){ .kind = FEEL_TYPE_LIST, .element = type };
  DmnVariable *variable = arena_new0 (arena, DmnVariable, 1);
  *variable = (DmnVariable){ "户", type };
  DmnFaults *faults = dmn_faults_new ();
  DmnClauseSource source = { .id = "页",
                             .origin = "page.md",
                             .body = text_of (page),
                             .first_line = 1,
                             .variables = variable,
                             .n_variables = 1 };
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  g_assert_true (unit && dmn_model_link (model, faults));
  dmn_faults_free (faults);
  return unit->decisions[0];
}

static void
take (void *host, const ColumnsChunk *chunk)
{
  Town *t = host;
  for (size_t i = 0; i < chunk->n; i++) {
    t->seen[chunk->first + i]++;
    t->answers[chunk->first + i] = chunk->answers[0].numbers[i];
  }
}

static gint64
plainly (const Town *t, size_t row)
{
  gint64 n = 0;
  for (guint32 m = t->offsets[row]; m < t->offsets[row + 1]; m++)
    n += t->age[t->members[m]] > t->age[row] && t->age[t->members[m]] >= 60;
  return n;
}

static void
test_chunks (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Town *t = town_new ();
  DmnModel *model = dmn_model_new ();
  const DmnDecision *decision = read_page (model, arena);
  GError *error = NULL;
  g_assert_true (columns_table_check (&t->table, &error));
  ColumnsWorld world = { "户", &t->table, NULL, 0 };
  g_autoptr (ColumnsProgram) program = columns_compile (&world, &decision, NULL, 1);
  g_assert_cmpstr (columns_program_why (program, 0), ==, NULL);
  for (unsigned threads = 1; threads <= 4; threads++) {
    memset (t->seen, 0, sizeof t->seen);
    memset (t->answers, 0xff, sizeof t->answers);
    columns_run (program, threads, take, t);
    for (size_t r = 0; r < ROWS; r++) {
      g_assert_cmpuint (t->seen[r], ==, 1);
      g_assert_cmpint (t->answers[r], ==, plainly (t, r));
    }
  }
  const guint8 wanted[] = { 0, 1, 0, 1 };
  memset (t->seen, 0, sizeof t->seen);
  columns_run_chunks (program, 2, wanted, take, t);
  for (size_t r = 0; r < ROWS; r++)
    g_assert_cmpuint (t->seen[r], ==, wanted[r / COLUMNS_CHUNK]);
  dmn_model_free (model);
  g_free (t);
}

/* A view has the columns that the paths lead through, and a program over it no others. */
static void
test_view (void)
{
  static const Text age[] = { TEXT_LITERAL ("年龄") },
                    members[] = { TEXT_LITERAL ("成员"), TEXT_LITERAL ("年龄") };
  static const FeelPath alone = { .n = 1, .members = age }, both = { .n = 2, .members = members };
  g_autoptr (Arena) arena = arena_new ();
  Town *t = town_new ();
  DmnModel *model = dmn_model_new ();
  const DmnDecision *decision = read_page (model, arena);
  const ColumnsTable *narrow = columns_table_view (&t->table, &alone, 1, arena),
                     *wide = columns_table_view (&t->table, &both, 1, arena);
  g_assert_cmpuint (narrow->n_columns, ==, 1);
  g_assert_cmpuint (wide->n_columns, ==, 2);
  g_assert_true (wide->columns[1].target == wide && wide->columns[1].values == t->members);
  ColumnsWorld world = { "户", narrow, NULL, 0 };
  g_autoptr (ColumnsProgram) blind = columns_compile (&world, &decision, NULL, 1);
  g_assert_nonnull (columns_program_why (blind, 0));
  world.table = wide;
  g_autoptr (ColumnsProgram) program = columns_compile (&world, &decision, NULL, 1);
  columns_run (program, 1, take, t);
  for (size_t r = 0; r < ROWS; r++)
    g_assert_cmpint (t->answers[r], ==, plainly (t, r));
  dmn_model_free (model);
  g_free (t);
}

/* What a description does not allow is found, with its place. */
static void
test_check (void)
{
  Town *t = town_new ();
  GError *error = NULL;
  t->age[5] = 121;
  g_assert_false (columns_table_check (&t->table, &error));
  g_assert_cmpstr (error->message, ==, "户.年龄, row 5: the value is out of the column's bounds");
  g_clear_error (&error);
  t->age[5] = 0;
  t->members[0] = ROWS;
  g_assert_false (columns_table_check (&t->table, &error));
  g_clear_error (&error);
  t->members[0] = 0;
  t->columns[1].most = MEMBERS_MAX - 1;
  g_assert_false (columns_table_check (&t->table, &error));
  g_clear_error (&error);
  g_free (t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/chunks", test_chunks);
  g_test_add_func ("/columns/view", test_view);
  g_test_add_func ("/columns/check", test_check);
  return g_test_run ();
}
