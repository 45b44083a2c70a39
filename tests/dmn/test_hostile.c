/* DMN files that mean harm, or are merely broken: each ends in a fault with its
 * line and what to do, none in a crash or a hang, and nothing is fetched. */
#include "support.h"

#include <string.h>
#include "dmn/dmn.h"

#define DMN_NAMESPACE "https://www.omg.org/spec/DMN/20230324/MODEL/"

static char *
definitions (const char *body)
{
  return g_strdup_printf (
      "<definitions xmlns=\"" DMN_NAMESPACE "\" name=\"m\" namespace=\"urn:m\">%s</definitions>", body);
}

static char *
repeat (const char *text, size_t n)
{
  GString *out = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

typedef struct {
  Arena *arena;
  DmnModel *model;
  DmnFaults *faults;
  const DmnUnit *unit;
  const FeelDiagnostic *diagnostics; /* of the last evaluation */
} Read;

static Read
read_text (const char *path, const char *text)
{
  Read r = { arena_new (), dmn_model_new (), dmn_faults_new (), NULL, NULL };
  DmnXmlSource source = { .path = path, .text = text_of (text) };
  r.unit = dmn_model_read_xml (r.model, &source, r.faults);
  dmn_model_link (r.model, r.faults);
  return r;
}

static void
clear (Read *r)
{
  dmn_model_free (r->model);
  dmn_faults_free (r->faults);
  arena_free (r->arena);
}

/* Some fault has CODE; *LINE (may be NULL) gets its line. */
static bool
has_fault (const Read *r, const char *code, unsigned *line)
{
  size_t n;
  const DmnFault *list = dmn_faults_list (r->faults, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (list[i].code, code)) {
      if (line)
        *line = list[i].line;
      return true;
    }
  return false;
}

static FeelValue
value_of (Read *r, const char *decision)
{
  DmnInputs inputs = { 0 };
  DmnRun *run = dmn_run_new_inputs (r->model, r->arena, &inputs, DMN_PLAIN);
  const DmnDecision *d = dmn_unit_find (r->unit, text_of (decision));
  g_assert_nonnull (d);
  FeelValue value = dmn_run_decision (run, d);
  r->diagnostics = dmn_run_diagnostics (run);
  return value;
}

/* ---- what is not read at all ------------------------------------------- */

static void
check_refused (const char *text, const char *code, const char *words)
{
  Read r = read_text ("hostile.dmn", text);
  g_assert_null (r.unit);
  size_t n;
  const DmnFault *list = dmn_faults_list (r.faults, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (list[0].code, ==, code);
  g_assert_cmpuint (list[0].line, >=, 1);
  if (!strstr (list[0].message, words))
    g_error ("\"%s\" does not say \"%s\"", list[0].message, words);
  clear (&r);
}

static void
test_refused (void)
{
  check_refused (
      "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">"
      "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><d>&d;</d>",
      "xml", "DOCTYPE");
  check_refused ("<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><d>&x;</d>", "xml", "DOCTYPE");
  check_refused ("<!DOCTYPE d SYSTEM \"http://example.invalid/d.dtd\"><d/>", "xml", "DOCTYPE");
  check_refused ("<d>&undeclared;</d>", "xml", "well-formed");
  check_refused ("<d><e></d>", "xml", "well-formed");
  check_refused ("no XML", "xml", "well-formed");
  check_refused ("\xff\xfe\x00", "xml", "well-formed");
  check_refused ("<d/>", "not-dmn", "definitions");
  check_refused ("<definitions xmlns=\"http://www.omg.org/spec/DMN/20151101/dmn.xsd\"/>", "not-dmn",
                 "1.2 to 1.5");
}

static void
test_deep_elements (void)
{
  g_autofree char *open = repeat ("<context><contextEntry>", 50000);
  g_autofree char *close = repeat ("</contextEntry></context>", 50000);
  g_autofree char *body = g_strdup_printf ("<decision name=\"d\">%s%s</decision>", open, close);
  g_autofree char *text = definitions (body);
  check_refused (text, "xml", "well-formed");
}

static void
test_no_file (void)
{
  Read r = { arena_new (), dmn_model_new (), dmn_faults_new (), NULL, NULL };
  DmnXmlSource source = { .path = "there/is/none.dmn" };
  g_assert_null (dmn_model_read_xml (r.model, &source, r.faults));
  g_assert_cmpuint (dmn_faults_count (r.faults, DMN_ERROR), ==, 1);
  clear (&r);
}

/* ---- what is read, with faults ----------------------------------------- */

typedef struct {
  const char *name, *body, *code;
  unsigned line;
} Broken;

static const Broken broken[] = {
  { "missing-reference",
    "\n<decision name=\"d\"><informationRequirement>\n<requiredInput href=\"#nowhere\"/>"
    "</informationRequirement><literalExpression><text>1</text></literalExpression></decision>",
    "missing-reference", 3 },
  { "no-href",
    "<decision name=\"d\"><informationRequirement><requiredInput/></informationRequirement></decision>",
    "missing-reference", 1 },
  { "missing-import",
    "\n<import name=\"i\" namespace=\"urn:none\" importType=\"" DMN_NAMESPACE "\"/><decision name=\"d\"/>",
    "missing-import", 2 },
  { "import-over-network",
    "<import name=\"i\" namespace=\"urn:none\" importType=\"" DMN_NAMESPACE
    "\" locationURI=\"http://example.invalid/x.dmn\"/><decision name=\"d\"/>",
    "missing-import", 1 },
  { "import-of-a-device",
    "<import name=\"i\" namespace=\"urn:none\" importType=\"" DMN_NAMESPACE
    "\" locationURI=\"../../../../../../../../../../../dev/zero\"/><decision name=\"d\"/>",
    "missing-import", 1 },
  { "import-of-a-schema",
    "<import name=\"i\" namespace=\"urn:none\" importType=\"http://www.w3.org/2001/XMLSchema\"/><decision "
    "name=\"d\"/>",
    "import", 1 },
  { "same-name-twice", "<decision name=\"d\"/>\n<decision name=\"d\"/>", "duplicate-decision", 2 },
  { "hit-policy",
    "<decision name=\"d\"><decisionTable hitPolicy=\"BEST\"><output/></decisionTable></decision>",
    "hit-policy", 1 },
  { "no-output", "<decision name=\"d\"><decisionTable/></decision>", "no-output", 1 },
  { "no-iterator",
    "<decision name=\"d\"><for><in><literalExpression><text>[1]</text></literalExpression></in><return>"
    "<literalExpression><text>1</text></literalExpression></return></for></decision>",
    "no-iterator", 1 },
  { "unknown-type",
    "<inputData name=\"i\" id=\"i\">\n<variable name=\"i\" typeRef=\"tNone\"/></inputData><decision "
    "name=\"d\"/>",
    "unknown-type", 1 },
  { "type-in-a-circle",
    "<itemDefinition name=\"a\"><typeRef>b</typeRef></itemDefinition>\n<itemDefinition name=\"b\">"
    "<typeRef>a</typeRef></itemDefinition><decision name=\"d\"/>",
    "cycle", 1 },
  { "syntax", "<decision name=\"d\"><literalExpression>\n<text>1 +</text></literalExpression></decision>",
    "syntax", 2 },
  { "ragged-row",
    "<decision "
    "name=\"d\"><decisionTable><input><inputExpression><text>1</text></inputExpression></input><output/>\n"
    "<rule><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>",
    "ragged-row", 2 },
  { "other-language",
    "<decision name=\"d\"><literalExpression expressionLanguage=\"urn:javascript\"><text>1</text>"
    "</literalExpression></decision>",
    "language", 1 },
  { "java", "<decision name=\"d\"><functionDefinition kind=\"Java\"/></decision>", "language", 1 },
  { "cycle",
    "<decision name=\"d\" id=\"d\"><informationRequirement><requiredDecision "
    "href=\"#e\"/></informationRequirement>"
    "<literalExpression><text>e + 1</text></literalExpression></decision><decision name=\"e\" id=\"e\">"
    "<informationRequirement><requiredDecision href=\"#d\"/></informationRequirement><literalExpression>"
    "<text>d + 1</text></literalExpression></decision>",
    "cycle", 1 },
  { "needs-itself",
    "<decision name=\"d\" id=\"d\"><informationRequirement><requiredDecision "
    "href=\"#d\"/></informationRequirement>"
    "<literalExpression><text>d</text></literalExpression></decision>",
    "cycle", 1 },
  { "service-calls-itself",
    "<decision name=\"d\" id=\"d\"><knowledgeRequirement><requiredKnowledge "
    "href=\"#s\"/></knowledgeRequirement>"
    "<literalExpression><text>s()</text></literalExpression></decision><decisionService name=\"s\" id=\"s\">"
    "<outputDecision href=\"#d\"/></decisionService>",
    "cycle", 1 },
};

static void
test_broken (gconstpointer data)
{
  const Broken *b = data;
  g_autofree char *text = definitions (b->body);
  Read r = read_text ("broken.dmn", text);
  g_assert_nonnull (r.unit);
  unsigned line = 0;
  g_assert_true (has_fault (&r, b->code, &line));
  g_assert_cmpuint (line, ==, b->line);
  value_of (&r, "d"); /* whatever it is, it comes */
  clear (&r);
}

/* ---- what is large ----------------------------------------------------- */

/* DECISIONS in a row, each needing the one before. */
static char *
chain (unsigned decisions)
{
  GString *body = g_string_new (
      "<decision name=\"d0\" id=\"d0\"><literalExpression><text>0</text></literalExpression></decision>");
  for (unsigned i = 1; i < decisions; i++)
    g_string_append_printf (body,
                            "<decision name=\"d%u\" id=\"d%u\"><informationRequirement><requiredDecision "
                            "href=\"#d%u\"/></informationRequirement><literalExpression><text>d%u + 1</text>"
                            "</literalExpression></decision>",
                            i, i, i - 1, i - 1);
  g_autofree char *text = g_string_free (body, FALSE);
  return definitions (text);
}

static void
test_long_chain (void)
{
  g_autofree char *text = chain (9000);
  Read r = read_text ("chain.dmn", text);
  g_assert_cmpuint (dmn_faults_count (r.faults, DMN_ERROR), ==, 0);
  g_assert_true (feel_is_true (feel_equal (r.arena, value_of (&r, "d8999"), feel_int (8999))));
  clear (&r);
}

static void
test_too_long_chain (void)
{
  g_autofree char *body = chain (20000);
  Read r = read_text ("chain.dmn", body);
  g_assert_true (has_fault (&r, "limit", NULL));
  g_assert_true (
      feel_is_true (feel_equal (r.arena, value_of (&r, "d19999"), feel_int (19999)))); /* all the same */
  clear (&r);
}

/* The other way round: the first needs the second … */
static void
test_too_long_chain_backwards (void)
{
  GString *body = g_string_new (NULL);
  for (unsigned i = 0; i < 20000; i++)
    g_string_append_printf (body,
                            "<decision name=\"d%u\" id=\"d%u\"><informationRequirement><requiredDecision "
                            "href=\"#d%u\"/></informationRequirement><literalExpression><text>d%u</text>"
                            "</literalExpression></decision>",
                            i, i, i + 1, i + 1);
  g_string_append (body, "<decision name=\"d20000\" id=\"d20000\"/>");
  g_autofree char *inner = g_string_free (body, FALSE), *text = definitions (inner);
  Read r = read_text ("chain.dmn", text);
  g_assert_true (has_fault (&r, "limit", NULL));
  g_assert_cmpint (value_of (&r, "d0").kind, ==, FEEL_NULL);
  clear (&r);
}

static void
test_many_decisions (void)
{
  GString *body = g_string_new (NULL);
  for (unsigned i = 0; i < 30000; i++)
    g_string_append_printf (body,
                            "<decision name=\"d%u\" id=\"d%u\"><literalExpression><text>%u</text>"
                            "</literalExpression></decision>",
                            i, i, i);
  g_autofree char *inner = g_string_free (body, FALSE), *text = definitions (inner);
  Read r = read_text ("many.dmn", text);
  g_assert_cmpuint (dmn_faults_count (r.faults, DMN_ERROR), ==, 0);
  g_assert_true (feel_is_true (feel_equal (r.arena, value_of (&r, "d29999"), feel_int (29999))));
  clear (&r);
}

static void
check_null (const char *body)
{
  g_autofree char *text = definitions (body);
  Read r = read_text ("endless.dmn", text);
  g_assert_cmpint (value_of (&r, "d").kind, ==, FEEL_NULL);
  g_assert_nonnull (r.diagnostics);
  clear (&r);
}

#define CALLS(function)                                                                                      \
  "<decision name=\"d\"><knowledgeRequirement><requiredKnowledge href=\"#f\"/></knowledgeRequirement>"       \
  "<literalExpression><text>" function "</text></literalExpression></decision>"
#define FUNCTION(body)                                                                                       \
  "<businessKnowledgeModel name=\"f\" id=\"f\"><encapsulatedLogic><formalParameter name=\"x\"/>" body        \
  "</encapsulatedLogic></businessKnowledgeModel>"

static void
test_endless (void)
{
  check_null (CALLS ("f(1)") FUNCTION ("<literalExpression><text>f(x)</text></literalExpression>"));
  check_null (CALLS ("f(1)") FUNCTION ("<literalExpression><text>f(x) + f(x)</text></literalExpression>"));
  check_null (CALLS ("f(1)")
                  FUNCTION ("<invocation><literalExpression><text>f</text></literalExpression><binding>"
                            "<parameter name=\"x\"/><literalExpression><text>x</text></literalExpression>"
                            "</binding></invocation>"));
  check_null (
      "<decision name=\"d\"><for iteratorVariable=\"i\"><in><literalExpression><text>1..1000000000</text>"
      "</literalExpression></in><return><literalExpression><text>i</text></literalExpression></return></for>"
      "</decision>");
}

static void
test_deep_brackets (void)
{
  g_autofree char *open = repeat ("(", 1000000), *close = repeat (")", 1000000);
  g_autofree char *body = g_strdup_printf (
      "<decision name=\"d\"><literalExpression><text>%s1%s</text></literalExpression></decision>", open,
      close);
  g_autofree char *text = definitions (body);
  Read r = read_text ("deep.dmn", text);
  g_assert_true (has_fault (&r, "limit", NULL));
  g_assert_cmpint (value_of (&r, "d").kind, ==, FEEL_NULL);
  clear (&r);
}

/* ---- what is kept ------------------------------------------------------ */

static void
test_kept (void)
{
  g_autofree char *path = support_source ("tests/dmn/models/versions/extended.dmn");
  g_autofree char *text = support_read (path, NULL);
  Read r = read_text (path, text);
  g_assert_cmpuint (dmn_faults_count (r.faults, DMN_ERROR), ==, 0);
  g_assert_cmpuint (r.unit->n_decisions, ==, 1);
  g_assert_nonnull (r.unit->document);
  g_assert_cmpuint (r.unit->n_elements, ==, 3);
  const DmnElement *source = &r.unit->elements[0], *office = &r.unit->elements[1];
  g_assert_cmpint (source->kind, ==, DMN_KNOWLEDGE_SOURCE);
  g_assert_true (text_equal (source->name, text_of ("the circular")));
  g_assert_true (text_equal (source->location, text_of ("urn:doc:81")));
  g_assert_true (text_equal (source->type, text_of ("Policy")));
  g_assert_true (text_equal (source->references[0].role, text_of ("owner")));
  g_assert_cmpint (office->kind, ==, DMN_ORGANIZATION_UNIT);
  g_assert_true (text_equal (office->references[0].href, text_of ("#_y")));
  const DmnDecision *y = r.unit->decisions[0];
  g_assert_true (text_equal (y->prose, text_of ("What it is for.")));
  g_assert_cmpuint (y->n_references, ==, 3);
  g_assert_true (text_equal (y->references[0].role, text_of ("requiredAuthority")));
  g_assert_true (text_equal (y->references[0].href, text_of ("#_source")));
  g_assert_cmpuint (y->n_paths, ==, 1);
  g_assert_cmpstr (dmn_path_variable (y, &y->paths[0]), ==, "x");
  clear (&r);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dmn/hostile/refused", test_refused);
  g_test_add_func ("/dmn/hostile/deep-elements", test_deep_elements);
  g_test_add_func ("/dmn/hostile/no-file", test_no_file);
  for (size_t i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *path = g_strdup_printf ("/dmn/hostile/broken/%s", broken[i].name);
    g_test_add_data_func (path, &broken[i], test_broken);
  }
  g_test_add_func ("/dmn/hostile/long-chain", test_long_chain);
  g_test_add_func ("/dmn/hostile/too-long-chain", test_too_long_chain);
  g_test_add_func ("/dmn/hostile/too-long-chain-backwards", test_too_long_chain_backwards);
  g_test_add_func ("/dmn/hostile/many-decisions", test_many_decisions);
  g_test_add_func ("/dmn/hostile/endless", test_endless);
  g_test_add_func ("/dmn/hostile/deep-brackets", test_deep_brackets);
  g_test_add_func ("/dmn/hostile/kept", test_kept);
  return g_test_run ();
}
