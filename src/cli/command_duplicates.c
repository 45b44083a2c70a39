/* liudong duplicates: pairs that look like one person, and what was decided of them. */
#include "cli.h"

#include "intake/intake.h"

#include <stdio.h>

typedef struct {
  char *db, *policy, *decided;
} Options;

static const char *const decisions[] = { "open", "same", "different", NULL };

static void
print_pair (JsonWriter *w, const RegistrySchema *schema, const IntakeCandidate *c, Arena *arena)
{
  char at[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_int (w, "id", c->id);
  json_member_str (w, "a", registry_subject_format (arena, schema, c->a));
  json_member_str (w, "b", registry_subject_format (arena, schema, c->b));
  json_member_int (w, "import", c->run);
  json_member_str (w, "found_at", instant_format (c->found_at, at));
  json_member_str (w, "decision", decisions[c->decision]);
  json_member_str (w, "actor", c->actor);
  json_member_str (w, "reason", c->reason);
  json_member_str (w, "decided_at", c->decided_at ? instant_format (c->decided_at, at) : NULL);
  json_end_object (w);
}

/* Ids only: whose they are is not printed where no purpose was given. */
static bool
list (Registry *registry, IntakeDecision decision, GError **error)
{
  enum { PAGE = 1000 };
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  const IntakeCandidate *found = NULL;
  gint64 after = 0;
  size_t n = PAGE;
  json_begin_array (w);
  while (n == PAGE
         && (found = intake_candidates (registry_store (registry), arena, decision, after, PAGE, &n, error)))
    for (size_t i = 0; i < n; i++) {
      print_pair (w, registry_schema (registry), &found[i], arena);
      after = found[i].id;
    }
  json_end_array (w);
  json_writer_free (w);
  if (found)
    puts (out->str);
  return found != NULL;
}

static int
run (const Options *o, const PolicyPackage *package)
{
  GError *error = NULL;
  int decision = 0;
  while (o->decided && decisions[decision] && !g_str_equal (decisions[decision], o->decided))
    decision++;
  if (!decisions[decision]) {
    g_set_error (&error, FAULT, FAULT_USAGE, "--decided is open, same or different, not \"%s\"", o->decided);
    return cli_fail ("duplicates", error);
  }
  g_autoptr (Registry) registry
      = registry_open (o->db ? o->db : "var/county.db", 0, policy_schema (package), &error);
  if (!registry || !intake_migrate (registry_store (registry), &error)
      || !list (registry, (IntakeDecision)decision, &error))
    return cli_fail ("duplicates", error);
  return CLI_DONE;
}

int
command_duplicates (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the database (default: var/county.db)", "FILE|URL" },
    { "decided", 0, 0, G_OPTION_ARG_STRING, &o.decided, "open (default), same or different", "WHICH" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package", "FOLDER" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "",
                   "List pairs of subjects that agree in name, birth date and place.  A data steward\n"
                   "decides on the page of duplicates whether they are one.",
                   entries, &status)) {
    PolicyPackage *package = cli_load_package ("duplicates", o.policy, &status);
    if (package) {
      status = run (&o, package);
      policy_free (package);
    }
  }
  g_free (o.db);
  g_free (o.decided);
  g_free (o.policy);
  return status;
}
