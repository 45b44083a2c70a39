/* liudong match: who suits whom, and why. */
#include "cli.h"

#include "inquiry.h"
#include "jobs/jobs.h"
#include "pairs/pairs.h"

#include <stdio.h>

enum { TOP = 10 };

typedef struct {
  Inquiry asked;
  char *seeker, *post, *entry;
  int top;
} Options;

static bool
check_options (Inquiry *q, GError **error)
{
  const Options *o = (const Options *)q;
  if ((o->seeker != NULL) + (o->post != NULL) + (o->entry != NULL) != 1)
    g_set_error (
        error, FAULT, FAULT_USAGE,
        "--seeker ID, --post ID or --entry ID, one of them: resident-1, an advertisement's number (J000012), "
        "an entry of a market");
  else if (!q->purpose || !*q->purpose)
    g_set_error (error, FAULT, FAULT_USAGE, "--purpose says what for; it goes into the audit log");
  else if (o->top < 1 || o->top > MARKET_TOP_MAX)
    g_set_error (error, FAULT, FAULT_USAGE, "--top is 1 to %d, not %d", MARKET_TOP_MAX, o->top);
  else
    return true;
  return false;
}

/* ---- asking ---------------------------------------------------------------------------- */

static const JobsMatches *
ask_seeker (const Options *o, Jobs *jobs, Arena *arena, const AccessAccount *who, GError **error)
{
  const RegistrySchema *schema = policy_schema (o->asked.package);
  Subject seeker;
  if (registry_subject_parse (schema, text_of (o->seeker), &seeker)
      && registry_subject_entity (schema, seeker) == registry_schema_entity (schema, "resident"))
    return jobs_matches (jobs, arena, who, seeker, (size_t)o->top, error);
  g_set_error (error, FAULT, FAULT_USAGE, "--seeker \"%s\" is no person; write resident-1", o->seeker);
  return NULL;
}

static const JobsMatches *
ask_post (const Options *o, Jobs *jobs, Arena *arena, const AccessAccount *who, GError **error)
{
  guint64 id;
  const char *digits = *o->post == 'J' ? o->post + 1 : o->post;
  if (g_ascii_string_to_unsigned (digits, 10, 1, G_MAXINT64, &id, NULL))
    return jobs_candidates (jobs, arena, who, (gint64)id, (size_t)o->top, error);
  g_set_error (error, FAULT, FAULT_USAGE, "--post \"%s\" is no advertisement; write its number, J000012",
               o->post);
  return NULL;
}

/* ---- telling ------------------------------------------------------------------------------ */

/* "和想做的职业相近 40 + 离得近 12 = 52" */
static void
print_parts (const Market *market, const MarketReasons *reasons, unsigned words)
{
  const char *plus = "";
  printf ("    ");
  for (size_t p = 0; p < market->n_parts; p++)
    if (reasons->points[p]) {
      printf ("%s%s %u", plus, market->parts[p].name.zh, reasons->points[p]);
      plus = " + ";
    }
  if (words)
    printf ("%s写的话 %u", plus, words);
  printf ("%s%u\n", *plus || words ? " = " : "", reasons->score + words);
}

static void
print_match (const Market *market, const JobsMatch *match)
{
  if (match->post)
    printf ("%3u  %s %s，%s\n", match->reasons->score + match->words, match->post->number,
            match->post->says.title, match->post->employer_name);
  else
    printf ("%3u  %" G_GINT64_FORMAT " %s\n", match->reasons->score, match->profile->id,
            match->profile->name);
  print_parts (market, match->reasons, match->words);
  for (size_t g = 0; g < match->n_gaps; g++)
    printf ("    还没有: %s\n", match->gaps[g].name.zh);
}

static void
print_text (const JobsMatches *matches)
{
  printf ("%zu / %zu\n", matches->n, matches->n_looked);
  for (size_t i = 0; i < matches->n; i++)
    print_match (matches->market, &matches->matches[i]);
  if (matches->n_within)
    printf ("拿到证书就可以做:\n");
  for (size_t i = 0; i < matches->n_within; i++)
    print_match (matches->market, &matches->within[i]);
}

static bool
print_json (const Options *o, const JobsMatches *matches, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  JsonWriter *w = json_writer_new (text, 2);
  json_begin_object (w);
  json_member_str (w, o->seeker ? "seeker" : "post", o->seeker ? o->seeker : o->post);
  jobs_write_matches (w, matches);
  json_end_object (w);
  return inquiry_write_json (NULL, w, text, error);
}

/* ---- the other markets ------------------------------------------------------------------ */

static void
print_pairs (const PairsMatches *matches)
{
  printf ("%zu / %zu\n", matches->n, matches->n_looked);
  for (size_t i = 0; i < matches->n; i++) {
    const PairsMatch *m = &matches->matches[i];
    printf ("%3u  %" G_GINT64_FORMAT " %s，%s\n", m->reasons->score, m->entry->id, m->entry->title,
            m->entry->owner_name);
    print_parts (matches->market, m->reasons, 0);
  }
}

static bool
print_pairs_json (const Options *o, const PairsMatches *matches, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  JsonWriter *w = json_writer_new (text, 2);
  json_begin_object (w);
  json_member_str (w, "entry", o->entry);
  json_member_str (w, "market", matches->market->id);
  json_member_int (w, "looked_at", (gint64)matches->n_looked);
  json_member_array (w, "matches");
  for (size_t i = 0; i < matches->n; i++) {
    json_begin_object (w);
    json_member_int (w, "entry", matches->matches[i].entry->id);
    json_member_str (w, "title", matches->matches[i].entry->title);
    json_member_str (w, "owner", matches->matches[i].entry->owner_name);
    json_key (w, "reasons");
    json_begin_object (w);
    market_write_reasons (w, matches->market, matches->matches[i].reasons);
    json_end_object (w);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return inquiry_write_json (NULL, w, text, error);
}

static bool
match_entry (const Options *o, Agents *agents, Arena *arena, const AccessAccount *who, GError **error)
{
  PairsOptions options = {
    .package = o->asked.package, .registry = o->asked.registry, .access = o->asked.access, .agents = agents
  };
  guint64 id;
  if (!g_ascii_string_to_unsigned (o->entry, 10, 1, G_MAXINT64, &id, NULL)) {
    g_set_error (error, FAULT, FAULT_USAGE, "--entry \"%s\" is no entry; write its number, 12", o->entry);
    return false;
  }
  g_autoptr (Pairs) pairs = pairs_open (&options, error);
  const PairsMatches *matches
      = pairs ? pairs_matches (pairs, arena, who, (gint64)id, (size_t)o->top, error) : NULL;
  if (!matches)
    return false;
  if (g_strcmp0 (o->asked.format, "text") != 0)
    return print_pairs_json (o, matches, error);
  print_pairs (matches);
  return true;
}

static bool
match (Inquiry *q, GError **error)
{
  const Options *o = (const Options *)q;
  g_autoptr (Arena) arena = arena_new ();
  if (!inquiry_open (q, error))
    return false;
  const AccessAccount *who = access_operator (arena, q->purpose);
  g_autoptr (Agents) agents = agents_open (q->package, q->registry, error);
  if (agents && o->entry)
    return match_entry (o, agents, arena, who, error);
  JobsOptions options
      = { .package = q->package, .registry = q->registry, .access = q->access, .agents = agents };
  g_autoptr (Jobs) jobs = agents ? jobs_open (&options, error) : NULL;
  const JobsMatches *matches = !jobs       ? NULL
                               : o->seeker ? ask_seeker (o, jobs, arena, who, error)
                                           : ask_post (o, jobs, arena, who, error);
  if (!matches)
    return false;
  if (g_strcmp0 (q->format, "text") != 0)
    return print_json (o, matches, error);
  print_text (matches);
  return true;
}

int
command_match (int argc, char **argv)
{
  static const char *const formats[] = { "json", "text", NULL };
  Options o = { .asked = { .formats = formats }, .top = TOP };
  const GOptionEntry entries[] = {
    INQUIRY_DB (o.asked),
    { "seeker", 0, 0, G_OPTION_ARG_STRING, &o.seeker, "the best posts for this person: resident-1", "ID" },
    { "post", 0, 0, G_OPTION_ARG_STRING, &o.post, "the best people for this advertisement: J000012", "ID" },
    { "entry", 0, 0, G_OPTION_ARG_STRING, &o.entry,
      "the best of the other side for this entry of a market: 12", "ID" },
    { "top", 0, 0, G_OPTION_ARG_INT, &o.top, "how many (default: 10)", "K" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.asked.format, "json (default) or text", "FORMAT" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.asked.purpose, "what for; it goes into the audit log",
      "TEXT" },
    INQUIRY_POLICY (o.asked),
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "",
                   "Posts for a person, people for a post, or the other side of any market: conditions "
                   "first, then named points "
                   "that add up.",
                   entries, &status))
    status = inquiry_run (&o.asked, "match", check_options, match);
  inquiry_clear (&o.asked);
  g_free (o.seeker);
  g_free (o.post);
  g_free (o.entry);
  return status;
}
