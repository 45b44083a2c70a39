/* notices — telling people that there is news, without anybody waiting for it.
 *
 * What it is for: a case that was accepted, a date that comes near, a place at an
 * event that became free.  Who writes such a deed puts a notice in the same
 * transaction; it stands in the person's inbox at once, and a thread of its own
 * carries it further, by e-mail or SMS, to whoever wants that.
 *
 *     deed ──notices_put──> notice (the inbox) ──> delivery, one for each way outside
 *              one StoreWork                           │ lease
 *                                     notices_start ──> channel: sent | later | refused
 *
 * What it promises
 *   - A notice commits with the deed it tells of, or neither does.
 *   - No gateway is ever asked within a transaction or a request: a dead or slow one
 *     delays its own messages and nothing else.
 *   - At least once: a delivery ends as sent, refused for good, given up after days
 *     or not wanted any more, and says which; a killed sender's deliveries are taken
 *     up when their lease ends.  A message has one id for all attempts, by which a
 *     receiver drops repeats.
 *   - By the ways that a person has chosen, and no other; within quiet hours nothing
 *     leaves.  Without a choice the inbox is the only way, and what was given with an
 *     application (Notice.contact).
 *   - What leaves says that there is news and where, never what: no name, no matter,
 *     no outcome (个人信息保护法, article 6: no more than is needed).
 *
 * What it refuses: texts written in C.  What a notice says stands per kind and
 * language in texts.yaml and is filled in when it is read.
 *
 * How a call goes
 *
 *     g_autoptr (Notices) notices = notices_open (store, &error);          // once, at opening
 *     Notice notice = { .subject = person, .kind = "case-accepted", .link = "/me/cases/12",
 *                       .words = words, .n_words = n };
 *     notices_put (db, &notice, &error);                                   // inside a StoreWork
 *     notices_inbox (notices, arena, who, &filter, &n, &error);            // who reads
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "store/store.h"

typedef struct Notices Notices;

/* Brings the tables up to date.  STORE must outlive it.  NULL with FAULT_SYSTEM. */
Notices *notices_open (Store *store, GError **error);
void notices_free (Notices *notices);
/* For tests: UTC seconds come from CLOCK (DATA) instead of the system. */
void notices_set_clock (Notices *notices, gint64 (*clock) (gpointer data), gpointer data);

/* ---- putting ------------------------------------------------------------ */

/* What a text's {name} stands for, in each language; EN NULL: as ZH. */
typedef struct {
  const char *name; /* "number", "matter", "due", "office", "reason" … */
  const char *zh, *en;
} NoticeWord;

/* To one of SUBJECT (a person or body), ACCOUNT (one of the staff) or DEPARTMENT (all of
 * its staff); the others 0 and NULL. */
typedef struct {
  Subject subject;
  const char *account, *department;
  const char *kind; /* of texts.yaml: "case-accepted" */
  size_t n_words;
  const NoticeWord *words;
  const char *link;    /* a path of the pages, "/me/cases/12"; may be NULL */
  const char *contact; /* an e-mail address or telephone number that was given for this business: used where
                          the person has chosen no way of their own; may be NULL */
  const char *key;     /* the same key to the same reader is one notice; may be NULL */
  gint64 at;           /* UTC seconds; 0: now */
} Notice;

/* Inside a StoreWork: NOTICE commits with what else is written.  FAULT_INPUT: no reader or
 * two, a kind that texts.yaml has not, a word missing that its text needs, a link that is no
 * path; a contact that is neither is passed over.  FAULT_SYSTEM. */
bool notices_put (StoreConnection *db, const Notice *notice, GError **error);

/* ---- the inbox ---------------------------------------------------------- */

typedef struct {
  gint64 id;
  const char *kind, *title, *body; /* in the language asked for */
  const char *link;                /* may be NULL */
  gint64 at, read_at;              /* UTC seconds; 0: not read */
  bool shared;                     /* of a department: read by one is read by all */
  bool erased;                     /* its text was, by notices_erase_before: that it was sent stays */
} NoticeItem;

typedef struct {
  bool english;
  bool unread_only;
  gint64 before; /* those with smaller ids; 0: the newest */
  size_t limit;
} NoticeFilter;

/* Those to WHO: to their subject, their account, and for staff their department; the newest
 * first, in ARENA.  The last one's id is the next page's BEFORE.  NULL with an error; N may be 0. */
const NoticeItem *notices_inbox (Notices *notices, Arena *arena, const AccessAccount *who,
                                 const NoticeFilter *filter, size_t *n, GError **error);
enum { NOTICES_UNREAD_MAX = 100 };
/* How many WHO has not read, counted up to NOTICES_UNREAD_MAX. */
bool notices_unread (Notices *notices, const AccessAccount *who, size_t *n, GError **error);
/* WHO has read ID; 0: all there are.  Again is nothing.  FAULT_NOT_FOUND when it is not theirs. */
bool notices_mark_read (Notices *notices, const AccessAccount *who, gint64 id, GError **error);

enum { NOTICES_ERASE_STEP = 1000 };
/* WHO takes texts and links out of notices from before INSTANT (UTC seconds), at most NOTICES_ERASE_STEP at a
 * time and *N of them, with an entry in the log that says how many and REASON.  When, of which kind, to whom
 * and whether it was read stay; so do those that still wait for a delivery. */
bool notices_erase_before (Notices *notices, const AccessAccount *who, gint64 instant, const char *reason,
                           size_t *n, GError **error);

/* ---- what a person wants ------------------------------------------------ */

typedef enum { NOTICES_EMAIL, NOTICES_SMS } NoticesWay;
enum { NOTICES_WAYS = NOTICES_SMS + 1 };
const char *notices_way_id (NoticesWay way); /* "email", "sms" */

typedef struct {
  const char *address[NOTICES_WAYS]; /* where to, or NULL: not by this way */
  int quiet_from, quiet_to;          /* minutes of the day in Shanghai, may go over midnight; equal: none */
  bool english;                      /* in which language what leaves is written */
  bool chosen;                       /* false: nothing was chosen yet, these are the defaults */
} NoticesChoice;

enum { NOTICES_QUIET_FROM = 22 * 60, NOTICES_QUIET_TO = 7 * 60 }; /* by default; our own choice */

/* What WHO wants; NULL with FAULT_SYSTEM. */
const NoticesChoice *notices_choice (Notices *notices, Arena *arena, const AccessAccount *who,
                                     GError **error);
/* WHO chooses, with an entry in the log, and what waits by a way no longer wanted is dropped.
 * FAULT_INPUT: an address that is none, minutes outside the day. */
bool notices_choose (Notices *notices, const AccessAccount *who, const NoticesChoice *choice, GError **error);

/* ---- what leaves --------------------------------------------------------- */

/* What a channel is given to carry: one message to one address, the same id at each attempt. */
typedef struct {
  const char *id;      /* 32 hexadecimal digits */
  const char *address; /* of the channel's way, checked */
  const char *subject, *text;
  bool (*stopped) (gpointer data); /* true: give up waiting, answer NOTICE_AWAY */
  gpointer stopped_data;
} NoticeLetter;

typedef enum {
  NOTICE_SENT,
  NOTICE_LATER,   /* not now, this one: try it again */
  NOTICE_AWAY,    /* the gateway is away, slow, or does not take us: try all of them later */
  NOTICE_REFUSED, /* the receiver will never take it */
} NoticeVerdict;

enum { NOTICE_TROUBLE_MAX = 160 };

/* One way to carry letters.  SEND is called by one thread, may take its time, and says into TROUBLE what
 * was wrong, without anything personal.  FREE may be NULL. */
typedef struct {
  NoticeVerdict (*send) (gpointer channel, const NoticeLetter *letter, char trouble[NOTICE_TROUBLE_MAX]);
  void (*free) (gpointer channel);
  gpointer channel; /* NULL and SEND NULL: there is no such way here */
} NoticeChannel;

/* How letters leave: docs/notices.md. */
typedef struct {
  NoticeChannel channels[NOTICES_WAYS];
  char *site;               /* "https://bs.example.org": where the pages are */
  char *place[2];           /* whose they are, in Chinese and English */
  int give_up_days;         /* after which a delivery is given up and the reader told in the inbox */
  int retry_s, retry_max_s; /* the first pause, doubled each time up to the last; a quarter more or less */
  int lease_s;              /* longer than any attempt */
  guint32 seed;             /* of the pauses' jitter */
} NoticesGateways;

/* None: only the inbox, and what waits is given up in time. */
NoticesGateways *notices_gateways_new (void);
/* As the file at PATH says.  FAULT_INPUT with file and line; FAULT_SYSTEM. */
NoticesGateways *notices_gateways_read (const char *path, GError **error);
void notices_gateways_free (NoticesGateways *gateways);

/* A thread for each way that takes what is due and sends it, of this and other processes' deliveries.
 * GATEWAYS must stay until notices_stop, which waits for the attempts under way, a second or two. */
typedef struct NoticesSender NoticesSender;
NoticesSender *notices_start (Notices *notices, const NoticesGateways *gateways, GError **error);
void notices_stop (NoticesSender *sender); /* NULL is ignored */
/* What is wrong with the gateway of WAY right now, or NULL.  Caller frees. */
char *notices_trouble (NoticesSender *sender, NoticesWay way);

/* How many deliveries of WAY there are, by how they stand. */
typedef struct {
  gint64 waiting, sent, refused, given_up, unwanted;
} NoticesCount;
bool notices_count (Notices *notices, NoticesWay way, NoticesCount *count, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Notices, notices_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NoticesGateways, notices_gateways_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NoticesSender, notices_stop)
