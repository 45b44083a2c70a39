#include "documented.h"

#include <string.h>

static CaseState
state_of (const char *id)
{
  CaseState state = CASE_SUBMITTED;
  if (!case_state_parse (id, &state))
    g_error ("docs/services.md: no state is called \"%s\"", id);
  return state;
}

static CaseParty
party_of (const char *id)
{
  for (int p = 0; p < CASE_PARTIES; p++)
    if (g_str_equal (id, case_party_id ((CaseParty)p)))
      return (CaseParty)p;
  g_error ("docs/services.md: nobody is called \"%s\"", id);
}

static int
target_of (const char *words)
{
  if (g_str_equal (words, "as it was"))
    return DOCUMENTED_STAYS;
  return g_str_equal (words, "back") ? DOCUMENTED_BACK : (int)state_of (words);
}

/* "| `accept` 受理 | office | `submitted` | `accepted` | |" */
static void
read_row (const char *line, DocumentedAction table[CASE_ACTIONS])
{
  g_auto (GStrv) cells = g_strsplit (line, "|", -1), action_cell = g_strsplit (cells[1], "`", 3);
  CaseAction action;
  if (!case_action_parse (action_cell[1], &action))
    g_error ("docs/services.md: no action is called \"%s\"", action_cell[1]);
  g_assert_cmpuint (g_strv_length (cells), ==, 7);
  g_assert_cmpstr (g_strstrip (action_cell[2]), ==, case_action_name (action).zh);
  DocumentedAction *row = &table[action];
  g_assert_false (row->found);
  *row = (DocumentedAction){ .found = true,
                             .party = party_of (g_strstrip (cells[2])),
                             .to = target_of (g_strstrip (g_strdelimit (cells[4], "`", ' '))),
                             .reason = g_str_equal (g_strstrip (cells[5]), "✓") };
  g_auto (GStrv) from = g_strsplit (g_strdelimit (cells[3], "`", ' '), " ", -1);
  for (int i = 0; from[i]; i++)
    if (*from[i])
      row->from |= 1u << state_of (from[i]);
}

void
documented_table (const char *page, DocumentedAction table[CASE_ACTIONS])
{
  memset (table, 0, sizeof (DocumentedAction) * CASE_ACTIONS);
  g_auto (GStrv) lines = g_strsplit (page, "\n", -1);
  for (int i = 0; lines[i]; i++)
    if (g_str_has_prefix (lines[i], "| `"))
      read_row (lines[i], table);
  for (int a = 0; a < CASE_ACTIONS; a++)
    if (!table[a].found)
      g_error ("docs/services.md does not say who may \"%s\"", case_action_id ((CaseAction)a));
}

bool
documented_may (const DocumentedAction table[CASE_ACTIONS], CaseState state, CaseAction action,
                CaseParty party)
{
  const DocumentedAction *row = &table[action];
  bool as_head = row->party == CASE_OFFICE && party == CASE_HEAD;
  return (row->party == party || as_head) && (row->from >> state & 1);
}

GHashTable *
documented_picture (const char *page)
{
  GHashTable *edges = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = g_strsplit (page, "\n", -1);
  for (int i = 0; lines[i]; i++)
    if (strstr (lines[i], " --> "))
      g_assert_true (g_hash_table_add (edges, g_strdup (g_strstrip (lines[i]))));
  return edges;
}
