/* What the parts of notices share.
 *
 *   notices.c   opening, tables, who reads what
 *   texts.c     what a kind says, from texts.yaml
 *   put.c       a notice and its deliveries, within another's work
 *   inbox.c     reading
 *   choice.c    which ways a person wants
 *   sender.c    a thread for each way that takes what is due
 *   queue.c     what is due, taken with a lease and put back
 *   gateways.c  the file that says how letters leave
 *   email.c     SMTP          sms.c  a gateway that takes JSON over HTTP */
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

/* Notice, in the inbox alone. */
bool put_inside (StoreConnection *db, const Notice *notice, GError **error);

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

/* ---- the queue -------------------------------------------------------------- */

/* What was taken, and how it went. */
typedef struct {
  gint64 id, attempts; /* this one included */
  const char *message, *address;
  bool english;
  NoticeVerdict verdict;
  gint64 pause; /* seconds until it is tried again: NOTICE_LATER, NOTICE_AWAY */
  const char *trouble;
} QueueLetter;

typedef struct {
  Notices *notices;
  const NoticesGateways *gateways;
  NoticesWay way;
  Arena *arena;
  const QueueLetter *done; /* to put back first; NULL: none */
  bool take;               /* whether to take the next one */
  QueueLetter taken;       /* id 0: nothing is due */
} QueueStep;

/* Whether there may be something to take: a look without writing. */
bool queue_look (const QueueStep *step, bool *due, GError **error);
/* Put back DONE and take the next, in one work: safe with any number of processes. */
bool queue_step (QueueStep *step, GError **error);

/* Minutes of the day until quiet hours end; 0 outside of them. */
int quiet_left (const NoticesChoice *choice, gint64 now);

/* ---- channels --------------------------------------------------------------- */

enum { GATEWAY_CONNECT_S = 10, GATEWAY_TIMEOUT_S = 30 };

typedef struct {
  const char *url;  /* smtp://host:port, smtps://host:port */
  bool plain;       /* no TLS; loopback alone */
  const char *from; /* an address */
  const char *name; /* beside it, may be NULL */
  const char *user, *password;
  const char *authorities; /* a file of certificates; NULL: the system's */
} EmailSettings;
NoticeChannel email_channel (const EmailSettings *settings);
/* The whole message; ends of lines are CR LF. */
char *email_message (const EmailSettings *settings, const NoticeLetter *letter, gint64 now);

typedef struct {
  const char *url, *key; /* HMAC-SHA256 over "TIMESTAMP.BODY" */
  const char *signature; /* 【…】 before the text, may be NULL */
  const char *authorities;
} SmsSettings;
NoticeChannel sms_channel (const SmsSettings *settings);

/* libcurl's handle for one attempt: bounded in time, no redirects, stops with LETTER.  NULL never. */
void *channel_curl (const char *url, const char *protocols, const char *authorities,
                    const NoticeLetter *letter);
