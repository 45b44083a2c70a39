/* liudong convert: one model in its two notations. */
#include "cli.h"
#include "convert_page.h"

#include <stdio.h>

typedef struct {
  char *to, *out, *edition;
  gboolean partial;
} Options;

/* ---- what is lost ------------------------------------------------------ */

static size_t
print_losses (const DmnUnit *unit)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const DmnLoss *losses = dmn_losses (arena, unit, &n);
  for (size_t i = 0; i < n; i++)
    fprintf (stderr, "%s:%u: lost: %s%s%s: %s\n", unit->origin, losses[i].line, losses[i].element,
             *losses[i].id ? " " : "", losses[i].id, losses[i].why);
  return n;
}

/* The page as it will stand, read again: what a page's stricter reading refuses
 * is no page, whatever it came from.  Pages of a package read in it alone. */
static size_t
print_refusals (const char *path, const char *text)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (GError) error = NULL;
  ConvertSplit split = convert_split (text_of (text));
  DmnFacts facts = { 0 };
  DmnClauseSource source
      = { .id = "page", .origin = path, .body = split.body, .first_line = split.first_line };
  if (!convert_is_model_page (split.front_matter))
    return 0;
  if (!convert_read_front (arena, path, split.front_matter, &facts, &source, &error))
    dmn_faults_add_error (faults, "front-matter", path, 1, error);
  else if (dmn_model_read_clause (model, &source, faults))
    dmn_model_link (model, faults);
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++)
    if (list[i].severity == DMN_ERROR)
      fprintf (stderr, "%s: lost: line %u of the page: %s [%s]\n", path, list[i].line, list[i].message,
               list[i].code);
  return dmn_faults_count (faults, DMN_ERROR);
}

static int
finish (const Options *o, const char *path, const char *text, size_t lost)
{
  if (lost && !o->partial) {
    fprintf (stderr, "liudong convert: %s would lose %zu thing%s; --partial writes the rest\n", path, lost,
             lost == 1 ? "" : "s");
    return CLI_NO;
  }
  GError *error = NULL;
  return cli_write (o->out, text, strlen (text), &error) ? CLI_DONE : cli_fail ("convert", error);
}

/* ---- from a DMN file --------------------------------------------------- */

static int
convert_dmn (const Options *o, const char *path)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnXmlSource source = { .path = path };
  const DmnUnit *unit = dmn_model_read_xml (model, &source, faults);
  if (unit)
    dmn_model_link (model, faults);
  cli_print_faults (stderr, faults);
  if (!unit || dmn_faults_count (faults, DMN_ERROR))
    return CLI_USAGE;
  DmnPage page = *dmn_page_of_xml (arena, unit);
  g_autofree char *front = page.front_matter.len || dmn_has_page (unit) ? NULL : convert_write_front (unit);
  if (front)
    page.front_matter = text_of (front);
  g_autofree char *text = dmn_write_clause (&page);
  size_t lost = print_losses (unit);
  return finish (o, path, text, lost ? lost : print_refusals (path, text));
}

/* ---- from a page ------------------------------------------------------- */

static int
write_page (const Options *o, const DmnModel *model, const DmnUnit *unit, const ConvertSplit *split,
            DmnFacts *facts)
{
  facts->edition_1_3 = o->edition && g_str_equal (o->edition, "1.3");
  g_autoptr (Arena) arena = arena_new ();
  const DmnPage *page = dmn_page_of_clause (arena, unit, split->front_matter, split->body, split->first_line);
  if (g_str_equal (o->to, "md")) {
    g_autofree char *text = dmn_write_clause (page);
    return finish (o, unit->origin, text, 0);
  }
  GError *error = NULL;
  g_autofree char *text = dmn_write_xml (model, unit, page, facts, &error);
  return text ? finish (o, unit->origin, text, print_losses (unit)) : cli_fail ("convert", error);
}

static int
convert_model_page (const Options *o, const char *path, const ConvertSplit *split)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnFacts facts = { 0 };
  DmnClauseSource source
      = { .id = "page", .origin = path, .body = split->body, .first_line = split->first_line };
  GError *error = NULL;
  if (!convert_read_front (arena, path, split->front_matter, &facts, &source, &error))
    return cli_fail ("convert", error);
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  if (unit)
    dmn_model_link (model, faults);
  cli_print_faults (stderr, faults);
  return unit && dmn_faults_count (faults, DMN_ERROR) == 0 ? write_page (o, model, unit, split, &facts)
                                                           : CLI_USAGE;
}

static int
convert_package_page (const Options *o, const char *path, const ConvertSplit *split)
{
  g_autofree char *folder = cli_package_folder (path);
  if (!folder)
    return cli_fail ("convert",
                     g_error_new (FAULT, FAULT_INPUT,
                                  "%s: a page lies in a policy package, or says model: in its front "
                                  "matter",
                                  path));
  int status;
  g_autoptr (PolicyPackage) package = cli_load_package ("convert", folder, &status);
  if (!package)
    return status;
  const DmnUnit *unit = cli_package_unit (package, path);
  if (!unit)
    return cli_fail ("convert", g_error_new (FAULT, FAULT_INPUT, "%s: this is no page of the package in %s",
                                             path, folder));
  g_autoptr (Arena) arena = arena_new ();
  DmnFacts facts = convert_facts (arena, package, unit);
  return write_page (o, policy_model (package), unit, split, &facts);
}

static int
convert_page (const Options *o, const char *path)
{
  g_autofree char *text = NULL;
  gsize len;
  size_t bad;
  GError *error = NULL;
  if (!g_file_get_contents (path, &text, &len, &error))
    return cli_fail ("convert", error);
  if (!text_is_utf8 ((Text){ text, len }, &bad))
    return cli_fail ("convert",
                     g_error_new (FAULT, FAULT_INPUT, "%s: is no UTF-8 from byte %zu on", path, bad));
  ConvertSplit split = convert_split ((Text){ text, len });
  return convert_is_model_page (split.front_matter) ? convert_model_page (o, path, &split)
                                                    : convert_package_page (o, path, &split);
}

/* ---- the command ------------------------------------------------------- */

static int
convert (const Options *o, const char *path)
{
  bool page = g_str_has_suffix (path, ".md");
  if (!o->to || !(g_str_equal (o->to, "dmn") || g_str_equal (o->to, "md")))
    return cli_fail ("convert",
                     g_error_new (FAULT, FAULT_USAGE, "--to is dmn or md, not \"%s\"", o->to ? o->to : ""));
  if (o->edition && !g_str_equal (o->edition, "1.5") && !g_str_equal (o->edition, "1.3"))
    return cli_fail ("convert",
                     g_error_new (FAULT, FAULT_USAGE, "--edition is 1.5 or 1.3, not \"%s\"", o->edition));
  if (!page && g_str_equal (o->to, "dmn"))
    return cli_fail (
        "convert",
        g_error_new (FAULT, FAULT_USAGE, "%s: only a page (.md) is converted to dmn; write --to md", path));
  return page ? convert_page (o, path) : convert_dmn (o, path);
}

int
command_convert (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &o.to, "the notation to write: dmn or md", "NOTATION" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "write to FILE instead of standard output", "FILE" },
    { "edition", 0, 0, G_OPTION_ARG_STRING, &o.edition,
      "of DMN: 1.5 (standard), or 1.3 for editors built on dmn-js", "EDITION" },
    { "partial", 0, 0, G_OPTION_ARG_NONE, &o.partial, "write even though something is lost", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "FILE",
                   "Turn a clause page (.md) into DMN 1.5 XML, or a DMN file into a page.\n\nWhat the other "
                   "notation cannot hold is listed on standard error, and without --partial nothing is "
                   "written and the exit status is 1.  A page --to md is the page in its canonical layout.",
                   entries, &status))
    status = argc == 2
                 ? convert (&o, argv[1])
                 : cli_fail ("convert", g_error_new (FAULT, FAULT_USAGE,
                                                     "name one file and --to; see liudong convert --help"));
  g_free (o.to);
  g_free (o.edition);
  g_free (o.out);
  return status;
}
