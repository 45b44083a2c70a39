/* The county's words of work: what is found in texts and for what was typed; how near occupations are; one
 * fault of a table each; random texts against looking everywhere for every word. */
#include <string.h>

#include "plain.h"
#include "support.h"

static Vocabulary *words;

static const char *
code_of (guint32 concept)
{
  size_t n;
  return concept == VOCABULARY_NONE ? "-" : vocabulary_concepts (words, &n)[concept].code;
}

static void
test_county (void)
{
  size_t n, n_skills, n_certificates, n_ties;
  const VocabularyConcept *occupations = vocabulary_of_kind (words, VOCABULARY_OCCUPATION, &n);
  guint major = 0, n_own = 0;
  for (size_t i = 0; i < n; i++) {
    major += occupations[i].parent == VOCABULARY_NONE;
    n_own += !occupations[i].is_group;
    g_assert_cmpuint (occupations[i].at, ==, i);
    vocabulary_skills (words, (guint32)i, &n_ties);
    g_assert_cmpint (n_ties > 0, ==,
                     !occupations[i].is_group && occupations[i].parent != VOCABULARY_NONE
                         && !g_ascii_isdigit (occupations[i].code[0]));
  }
  g_assert_cmpuint (major, ==, 8);  /* the national classification's */
  g_assert_cmpuint (n_own, >, 500); /* that are somebody's own */
  vocabulary_of_kind (words, VOCABULARY_SKILL, &n_skills);
  const VocabularyConcept *certificates = vocabulary_of_kind (words, VOCABULARY_CERTIFICATE, &n_certificates);
  g_assert_cmpuint (n_skills, >, 500);
  g_assert_cmpuint (n_certificates, >, 100);
  g_assert_cmpstr (certificates[0].law, !=, "");
  guint32 forklift = vocabulary_by_code (words, text_of ("forklift-driver"));
  const VocabularyTie *ties = vocabulary_certificates (words, forklift, &n_ties);
  g_assert_cmpuint (n_ties, ==, 1);
  g_assert_cmpstr (code_of (ties[0].concept), ==, "forklift");
  g_assert_true (ties[0].by_law);
  ties = vocabulary_certificates (words, vocabulary_by_code (words, text_of ("accountant")), &n_ties);
  g_assert_cmpuint (n_ties, ==, 1);
  g_assert_false (ties[0].by_law);
}

/* A lorry's driver may drive a car, and not the other way round. */
static void
test_included (void)
{
  guint32 lorry = vocabulary_by_name (words, text_of ("B2驾照")),
          car = vocabulary_by_name (words, text_of ("C1驾照"));
  size_t n, n_of_car;
  const VocabularyTie *ties = vocabulary_included (words, lorry, &n),
                      *of_car = vocabulary_included (words, car, &n_of_car);
  bool found = false;
  for (size_t i = 0; i < n; i++)
  found |= ties[i].concept == car;
  g_assert_true (found);
  for (size_t i = 0; i < n_of_car; i++)
    g_assert_cmpuint (of_car[i].concept, !=, lorry);
}

/* What is asked for by law has a law; what has none is not more than assumed; nothing is tied twice. */
static void
test_law (void)
{
  size_t n, n_all, n_ties, by_law = 0, customary = 0;
  const VocabularyConcept *all = vocabulary_concepts (words, &n_all);
  vocabulary_of_kind (words, VOCABULARY_OCCUPATION, &n);
  for (guint32 i = 0; i < n; i++) {
    const VocabularyTie *ties = vocabulary_certificates (words, i, &n_ties);
    for (size_t t = 0; t < n_ties; t++) {
      by_law += ties[t].by_law;
      customary += !ties[t].by_law;
      g_assert_true (!ties[t].by_law || *all[ties[t].concept].law);
      for (size_t u = 0; u < t; u++)
        g_assert_cmpuint (ties[u].concept, !=, ties[t].concept);
    }
  }
  g_assert_cmpuint (by_law, >, 50);
  g_assert_cmpuint (customary, >, 50);
  const VocabularyConcept *certificates = vocabulary_of_kind (words, VOCABULARY_CERTIFICATE, &n);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpint (*certificates[i].law == '\0', <=, g_str_equal (certificates[i].confidence, "assumed"));
}

static void
test_names (void)
{
  static const struct {
    const char *name, *code;
  } names[] = { { "叉车司机", "forklift-driver" },   { "堆高機司機", "forklift-driver" },
                { "堆高机司机", "forklift-driver" }, { "ＣＮＣ操作员", "cnc-operator" },
                { "cnc", "cnc-operator" },           { "照服員", "elder-carer" },
                { "月嫂", "maternity-nurse" },       { "N1证", "forklift" },
                { "Excel", "spreadsheets" },         { "没有这个词", "-" } };
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (code_of (vocabulary_by_name (words, text_of (names[i].name))), ==, names[i].code);
}

static void
test_find (void)
{
  static const struct {
    const char *text, *found;
  } texts[] = {
    { "招叉车司机两名，须有叉车证，会开叉车", "forklift-driver forklift driving-forklifts" },
    { "诚聘ＣＮＣ操作员，懂UG编程优先", "cnc-operator cnc-programming" },
    { "養老院招照顧服務員", "elder-carer" },
    { "plcs are no PLC", "programmable-control" },
    { "电焊工", "welder" }, /* not 电焊 in it */
    { "我们没有要求", "" },
    { "", "" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) said = g_string_new (NULL);
    size_t n;
    const VocabularyMention *found = vocabulary_find (words, arena, text_of (texts[i].text), &n);
    for (size_t m = 0; m < n; m++) {
      g_string_append_printf (said, "%s%s", m ? " " : "", code_of (found[m].concept));
      g_autofree char *word = g_strndup (texts[i].text + found[m].from, found[m].len);
      g_assert_cmpuint (vocabulary_by_name (words, text_of (word)), ==, found[m].concept);
    }
    g_assert_cmpstr (said->str, ==, texts[i].found);
  }
}

/* Words and other characters in any order: what is found is found in the text, in order, and no longer word
 * begins where one is. */
static void
test_random (void)
{
  g_autoptr (Plain) plain = plain_new (words);
  static const char *const between[] = { "，", "a", "招", " ", "\xff", "的", "1" };
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  size_t n_concepts;
  const VocabularyConcept *concepts = vocabulary_concepts (words, &n_concepts);
  guint found_in_all = 0;
  for (int turn = 0; turn < 300; turn++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) text = g_string_new (NULL);
    for (int i = 0; i < 12; i++)
      if (g_rand_boolean (random))
        g_string_append (text, concepts[g_rand_int_range (random, 0, (gint32)n_concepts)].zh);
      else
        g_string_append (text, between[g_rand_int_range (random, 0, G_N_ELEMENTS (between))]);
    size_t n, last = 0;
    const VocabularyMention *found = vocabulary_find (words, arena, (Text){ text->str, text->len }, &n);
    for (size_t m = 0; m < n; m++) {
      g_assert_cmpuint (found[m].from, >=, last);
      last = found[m].from + found[m].len;
      g_assert_cmpuint (last, <=, text->len);
      Text word = { text->str + found[m].from, found[m].len };
      g_assert_cmpuint (vocabulary_by_name (words, word), ==, found[m].concept);
    }
    found_in_all += (guint)n;
    g_assert_true (plain_agrees (plain, words, (Text){ text->str, text->len }));
  }
  g_assert_cmpuint (found_in_all, >, 900);
}

/* Any bytes, cut anywhere: what is found is what the plain way finds. */
static void
test_bytes (void)
{
  static const char *const pieces[] = { "叉",
                                        "车",
                                        "司机",
                                        "\xe5\x8f",
                                        "\xff",
                                        "CNC",
                                        "ＣＮ",
                                        "c语言",
                                        "㏇",
                                        "é",
                                        "½",
                                        "C",
                                        "++",
                                        " ",
                                        "電焊",
                                        "焊工证",
                                        "\xf0\xa0\x80\x80",
                                        "\xed\xa0\x80",
                                        "e" };
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  g_autoptr (Plain) plain = plain_new (words);
  for (int turn = 0; turn < 400; turn++) {
    g_autoptr (GString) text = g_string_new (NULL);
    for (int i = 0; i < 20; i++)
      g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
    text->str[g_rand_int_range (random, 0, (gint32)text->len)] = (char)g_rand_int_range (random, 0, 256);
    g_assert_true (plain_agrees (plain, words, (Text){ text->str, text->len }));
  }
}

static void
test_suggest (void)
{
  static const struct {
    const char *typed, *first;
  } cases[] = { { "叉车", "forklift-driver" },
                { "chache", "forklift-driver" },
                { "ccsj", "forklift-driver" },
                { "cha che s", "forklift-driver" },
                { "chachesj", "forklift-driver" },
                { "kuaiji", "accountant" }, /* 会 is said hui as well */
                { "叉车司几", "forklift-driver" },
                { "護理師", "nurse" },
                { "hangong", "welder" },
                { "焊", "welder" },
                { "zzzzqq", "-" },
                { "", "-" },
                { "专业技术人员", "-" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    size_t n;
    const guint32 *best
        = vocabulary_suggest (words, arena, text_of (cases[i].typed), VOCABULARY_OCCUPATION, 8, &n);
    g_assert_cmpstr (n ? code_of (best[0]) : "-", ==, cases[i].first);
    g_assert_cmpuint (n, <=, 8);
  }
}

static void
test_near (void)
{
  guint32 turner = vocabulary_by_name (words, text_of ("车工")),
          miller = vocabulary_by_name (words, text_of ("铣工")),
          nurse = vocabulary_by_name (words, text_of ("护士")),
          welder = vocabulary_by_name (words, text_of ("焊工"));
  g_assert_cmpuint (vocabulary_near (words, turner, turner), ==, 100);
  g_assert_cmpuint (vocabulary_near (words, turner, miller), >, vocabulary_near (words, turner, welder));
  g_assert_cmpuint (vocabulary_near (words, turner, nurse), ==, 0);
  size_t n;
  vocabulary_of_kind (words, VOCABULARY_OCCUPATION, &n);
  for (guint32 a = 0; a < n; a++)
    for (guint32 b = 0; b < n; b++) {
      g_assert_cmpuint (vocabulary_near (words, a, b), ==, vocabulary_near (words, b, a));
      g_assert_cmpuint (vocabulary_near (words, a, b), <=, 100);
    }
}

/* ---- faults --------------------------------------------------------------------------- */

static const char occupations[] = "code,zh,en,parent,skills,certificates,synonyms,taiwan,confidence\n"
                                  "6,生产人员,Production,,,,,,cited\n"
                                  "welder,焊工,Welder,6,焊接:3,permit:law,电焊工,,assumed\n";
static const char skills[] = "code,zh,en,synonyms\nwelding,焊接,Welding,电焊\n";
static const char certificates[]
    = "code,zh,en,law,includes,synonyms,confidence\npermit,焊接作业证,Permit,某法,title,焊工证,"
      "derived\ntitle,焊工职称,Title,,,,assumed\n";

static const struct {
  const char *from, *to, *says;
} faults[] = {
  { "焊接:3", "焊接:4", "occupations.csv: row 3: 焊接:4: a weight is 1, 2 or 3" },
  { "焊接:3", "切割:3", "occupations.csv: row 3: there is no skill \"切割\"" },
  { ",permit:law,", ",permit,",
    "occupations.csv: row 3: permit: say whether it is asked for by law (permit:law) or customary" },
  { ",permit:law,", ",permit:maybe,", "say whether it is asked for by law" },
  { ",permit:law,", ",title:law,",
    "occupations.csv: row 3: title is asked for by law, and its table names none" },
  { ",permit:law,", ",licence:law,", "occupations.csv: row 3: there is no certificate \"licence\"" },
  { "Welder,6,", "Welder,7,", "occupations.csv: row 3: there is no occupation \"7\" to belong to" },
  { "Production,,", "Production,welder,", "belongs to itself" },
  { "\nwelder,", "\n6,", "occupations.csv: row 3: the code 6 is there twice" },
  { "电焊工,,", "生产人员,,", "occupations.csv: row 3: \"生产人员\" stands for 生产人员 already" },
  { ",Welder,", ",,", "occupations.csv: row 3: code, zh and en must be there" },
  { "code,zh,en,parent", "code,en,zh,parent",
    "occupations.csv: row 1: the columns must be code,zh,en,parent" },
  { "电焊工,,", "——,,", "is no word" },
  { ",title,", ",licence,", "certificates.csv: row 2: there is no certificate \"licence\"" },
  { ",title,", ",permit,", "certificates.csv: row 2: permit includes itself" },
};

static void
test_fault (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  g_autofree char *folder = support_folder ();
  const char *const files[] = { "occupations.csv", "skills.csv", "certificates.csv" };
  guint changed = 0;
  const char *const texts[] = { occupations, skills, certificates };
  for (size_t f = 0; f < G_N_ELEMENTS (files); f++) {
    g_autofree char *path = g_build_filename (folder, files[f], NULL);
    g_autoptr (GString) text = g_string_new (texts[f]);
    changed += g_string_replace (text, faults[i].from, faults[i].to, 1);
    g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  }
  g_assert_cmpuint (changed, ==, 1);
  g_autoptr (GError) error = NULL;
  g_assert_null (vocabulary_load (folder, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  if (!strstr (error->message, faults[i].says))
    g_error ("\"%s\" is not in: %s", faults[i].says, error->message);
  support_remove (folder);
}

static void
test_absent (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (vocabulary_load ("/nowhere", &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = support_source ("policy/minhou-2021-81/vocabulary");
  g_autoptr (GError) error = NULL;
  words = vocabulary_load (folder, &error);
  g_assert_no_error (error);
  g_test_add_func ("/vocabulary/county", test_county);
  g_test_add_func ("/vocabulary/included", test_included);
  g_test_add_func ("/vocabulary/law", test_law);
  g_test_add_func ("/vocabulary/names", test_names);
  g_test_add_func ("/vocabulary/find", test_find);
  g_test_add_func ("/vocabulary/random", test_random);
  g_test_add_func ("/vocabulary/bytes", test_bytes);
  g_test_add_func ("/vocabulary/suggest", test_suggest);
  g_test_add_func ("/vocabulary/near", test_near);
  g_test_add_func ("/vocabulary/absent", test_absent);
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *name = g_strdup_printf ("/vocabulary/faults/%zu", i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_fault);
  }
  int failed = g_test_run ();
  vocabulary_free (words);
  return failed;
}
