/* documented — the machine as docs/services.md writes it, read back for tests: a second description
 * of what cases/ does, written for people, against which the program is held. */
#pragma once

#include "cases/cases.h"

enum { DOCUMENTED_STAYS = -1, DOCUMENTED_BACK = -2 };

typedef struct {
  bool found;
  CaseParty party; /* a head may do what an office may */
  guint from;      /* bits 1 << CaseState */
  int to;          /* CaseState, DOCUMENTED_… */
  bool reason;
} DocumentedAction;

/* The table, by action; asserts that it names each once. */
void documented_table (const char *page, DocumentedAction table[CASE_ACTIONS]);
/* Whether the table lets PARTY do ACTION to a case in STATE. */
bool documented_may (const DocumentedAction table[CASE_ACTIONS], CaseState state, CaseAction action,
                     CaseParty party);
/* The lines of the picture: "accepted --> decided : decide". */
GHashTable *documented_picture (const char *page);
