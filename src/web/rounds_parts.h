/* Rounds: what their pages and their interface share. */
#pragma once

#include "web/models.h"

/* The round that the address names; FAULT_NOT_FOUND. */
bool round_id (const WebRequest *request, gint64 *id, GError **error);
bool round_read (const WebRequest *request, RoundModel *m, GError **error);
/* A plan from a form: allocation, title, deadline, source … and a unit a line ("school-4 30"). */
bool round_plan (const WebRequest *request, gint64 *id, GError **error);
/* What the form's "deed" says: of the office; of applicants. */
bool round_act (const WebRequest *request, gint64 id, GError **error);
bool round_apply (const WebRequest *request, gint64 id, GError **error);
/* The transcript run again; FAULT_CONFLICT before it is published. */
bool round_verify (const WebRequest *request, RoundVerifyModel *m, GError **error);

/* view_round.c */
const char *view_thousandths (const Page *page, gint64 value);
const char *view_round_key (const Page *page, const RoundModel *m, const DrawsApplication *one, size_t key);
/* Whether somebody is still to be placed, and somewhere is room. */
bool view_round_rest (const RoundModel *m);
/* Whom GROUP is of; N people, small numbers told less exactly. */
const char *view_round_group (const Page *page, const RoundModel *m, const DrawsEffect *group);
const char *view_round_people (const Page *page, gint64 n);
/* NOTE of a rule of CLAUSE. */
const char *view_note (const Page *page, const PolicyClause *clause, const char *note);
/* What a check of a transcript looks at (AllocationCheck). */
const char *view_round_step (const Page *page, const char *what);
