/* liudong search: subjects by name, pinyin, number or place, masked. */
#include "cli.h"

#include "access/access.h"

#include <stdio.h>
#include <string.h>

enum { LIMIT = 20 };

typedef struct {
  char *db, *policy, *entity, *place, *purpose, *after;
  int limit;
} Options;

/* A name on a command line stands in the shell's history; one on standard input does not. */
static char *
read_text (const char *argument)
{
  if (!argument || !g_str_equal (argument, "-"))
    return g_strdup (argument);
  char line[SPELLING_SIZE] = "";
  if (fgets (line, sizeof line, stdin))
    line[strcspn (line, "\r\n")] = '\0';
  return g_strdup (line);
}

static bool
check_options (const Options *o, const char *text, GError **error)
{
  if (!o->purpose || !*o->purpose)
    g_set_error (error, FAULT, FAULT_USAGE, "--purpose says what for; it goes into the audit log");
  else if ((!text || !*text) && !o->place)
    g_set_error (error, FAULT, FAULT_USAGE, "what is looked for? a name, pinyin, a number, or --place");
  else if (text && !text_is_utf8 (text_of (text), NULL))
    g_set_error (error, FAULT, FAULT_USAGE, "what is looked for is no UTF-8");
  else if (o->limit < 1 || o->limit > REGISTRY_HITS_MAX)
    g_set_error (error, FAULT, FAULT_USAGE, "--limit is a number from 1 to %d", REGISTRY_HITS_MAX);
  else
    return true;
  return false;
}

static const RegistryEntity *
find_entity (const Options *o, const RegistrySchema *schema, GError **error)
{
  const char *name = o->entity ? o->entity : "resident";
  const RegistryEntity *entity = registry_schema_entity (schema, name);
  if (!entity)
    g_set_error (error, FAULT, FAULT_USAGE, "--entity \"%s\": there is no such entity", name);
  return entity;
}

static bool
read_search (const Options *o, const RegistryEntity *entity, Access *access, Arena *arena,
             const RegistrySchema *schema, RegistrySearch *what, GError **error)
{
  const RegistryEntity *places
      = entity->community ? entity->community->target : registry_schema_entity (schema, "place");
  if (o->after && !registry_subject_parse (schema, text_of (o->after), &what->after)) {
    g_set_error (error, FAULT, FAULT_USAGE, "--after \"%s\" is no subject; write resident-1", o->after);
    return false;
  }
  if (o->place && !places) {
    g_set_error (error, FAULT, FAULT_USAGE, "--place: there are no places in this registry");
    return false;
  }
  return !o->place || access_find_place (access, arena, places, o->place, &what->place, error);
}

static const AccessHits *
find (const Options *o, const char *text, const RegistryEntity *entity, Registry *registry, Arena *arena,
      GError **error)
{
  RegistrySearch what = { .text = text, .limit = (size_t)o->limit };
  g_autoptr (Access) access = access_open (registry, error);
  if (!access || !read_search (o, entity, access, arena, registry_schema (registry), &what, error))
    return NULL;
  return access_search (access, arena, access_operator (arena, o->purpose), entity, &what, "search_people",
                        error);
}

static int
search (const Options *o, const char *text, const PolicyPackage *package)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *entity
      = check_options (o, text, &error) ? find_entity (o, policy_schema (package), &error) : NULL;
  g_autoptr (Registry) registry
      = entity ? registry_open (o->db ? o->db : "var/county.db", 0, policy_schema (package), &error) : NULL;
  const AccessHits *hits = registry ? find (o, text, entity, registry, arena, &error) : NULL;
  if (!hits)
    return cli_fail ("search", error);
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  access_hits_json (w, policy_schema (package), entity, hits);
  json_writer_free (w);
  puts (out->str);
  return hits->n ? CLI_DONE : CLI_NO;
}

int
command_search (int argc, char **argv)
{
  Options o = { .limit = LIMIT };
  const GOptionEntry entries[] = {
    { "entity", 'e', 0, G_OPTION_ARG_STRING, &o.entity, "what to find: resident (default), organisation …",
      "ENTITY" },
    { "place", 0, 0, G_OPTION_ARG_STRING, &o.place, "only in this township or community: its code or name",
      "PLACE" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.purpose, "what for; it goes into the audit log", "TEXT" },
    { "after", 0, 0, G_OPTION_ARG_STRING, &o.after, "the page behind this hit", "SUBJECT" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &o.limit, "how many on a page (default: 20)", "N" },
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the database (default: var/county.db)", "FILE|URL" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package", "FOLDER" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "TEXT",
          "Find subjects by part of a name, pinyin (chenyi, cyy), a number or its start or end, a\n"
          "telephone number or its end; what is not public is masked.  TEXT - reads it from standard\n"
          "input.  The audit log says who searched, what for, and how many were found; not the text.\n"
          "Exit status 1: nothing found.",
          entries, &status)) {
    PolicyPackage *package = cli_load_package ("search", o.policy, &status);
    if (package) {
      g_autofree char *text = read_text (argc > 1 ? argv[1] : NULL);
      status = search (&o, text, package);
      policy_free (package);
    }
  }
  char *texts[] = { o.db, o.policy, o.entity, o.place, o.purpose, o.after };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  return status;
}
