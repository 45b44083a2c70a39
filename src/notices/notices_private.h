/* What the parts of notices share.
 *
 *   notices.c   opening, tables, who reads what
 *   texts.c     what a kind says, from texts.yaml
 *   put.c       a notice and its deliveries, within another's work
 *   inbox.c     reading
 *   choice.c    which ways a person wants */
#pragma once

#include "notices/notices.h"

struct Notices {
  Store *store;
  gint64 (*clock) (gpointer data);
  gpointer clock_data;
};

/* UTC seconds. */
gint64 notices_now (const Notices *notices);
/* A row's id, the highest of TABLE_SQL ("SELECT max(id) FROM …") and one. */
bool notices_next_id (StoreConnection *db, const char *max_sql, gint64 *id, GError **error);

/* ---- readers: whose inbox it is, as a text --------------------------------- */

enum { READERS_MAX = 3 };
char *reader_of_subject (Arena *arena, Subject subject);
char *reader_of_account (Arena *arena, const char *account);
char *reader_of_department (Arena *arena, const char *department);
/* All that WHO reads into READERS; their number. */
size_t readers_of (Arena *arena, const AccessAccount *who, const char *readers[READERS_MAX]);
/* The one whose choice is WHO's own: their subject, else their account. */
const char *reader_own (Arena *arena, const AccessAccount *who);

/* ---- texts ------------------------------------------------------------------ */

typedef enum { TEXTS_ZH, TEXTS_EN, TEXTS_LANGUAGES } TextsLanguage;
typedef struct {
  const char *text[TEXTS_LANGUAGES];
} TextsPair;
typedef struct {
  const char *id;
  TextsPair title, body;
} TextsKind;
typedef struct {
  TextsPair subject, way[NOTICES_WAYS];
} TextsOutside;

/* Parse texts.yaml; ARENA keeps the texts. */
typedef struct {
  GHashTable *kinds; /* id → TextsKind */
  TextsOutside outside;
} Texts;
Texts *texts_parse (Arena *arena, Text source, const char *origin, GError **error);
/* The program's own, parsed once and kept; a fault in them ends the program. */
const Texts *texts_get (void);
const TextsKind *texts_kind (const char *id); /* NULL: there is none */

/* {name} of TEMPLATE by LOOK; the name of a word that is missing outside of brackets in *MISSING
 * (may be NULL), which is left out. */
typedef const char *(*TextsLook) (const char *name, gpointer data);
char *texts_fill (Arena *arena, const char *template, TextsLook look, gpointer data, const char **missing);

/* ---- deliveries ------------------------------------------------------------- */

/* Waiting, or how it ended. */
typedef enum {
  DELIVERY_WAITING,
  DELIVERY_SENT,
  DELIVERY_REFUSED,  /* the receiver will never take it */
  DELIVERY_GIVEN_UP, /* tried for days */
  DELIVERY_UNWANTED, /* the person does not want this way any more */
} DeliveryStatus;

/* The choice of READER as DB has it, without defaults: chosen is false where there is none. */
bool choice_find (StoreConnection *db, Arena *arena, const char *reader, NoticesChoice *choice,
                  GError **error);
/* FAULT_INPUT unless ADDRESS is one of WAY: an e-mail address of ASCII, a telephone number of digits. */
bool choice_check_address (NoticesWay way, const char *address, GError **error);
