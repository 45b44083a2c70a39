/* pairs — the markets beside that of jobs: suppliers and buyers, results and firms, founders and funds,
 * doctors and sites, mentors and founders, masters and apprentices.
 *
 *     owner ──put──> entry of one side ──┐
 *                                        ├─ market/ ──> matches, with reasons
 *     owner ──put──> entry of the other ─┘      │
 *                                              ask ──> accept ──> both see the other's contact ──> agreed or
 * not └────> decline
 *
 * What it is for: clauses 1, 6, 8, 9, 17, 19 and 20 of the circular want two sides brought together.  Each is
 * a file of the package's folder markets (docs/markets.md); a county that adds a file has another market, and
 * no program changes.
 *
 * What it promises
 *   - What the registry knows is read from it, under the owner's own permit, when the entry is put; what it
 * does not know the owner states, and readers are told which is which.
 *   - Matches are those whose hard conditions all hold; their points are named and add up.
 *   - Names of people, what the registry has of them, and contacts are for the other side only once they have
 *     accepted.
 *   - Each write is one work with its entry in the log; with the same key it is done once; the other side is
 *     told.
 *
 * What it refuses: markup and contact data in texts, a concept that the space does not have, more than
 * PAIRS_ENTRIES_MAX open entries of one owner.
 *
 * How a call goes
 *
 *     g_autoptr (Pairs) pairs = pairs_open (&options, &error);
 *     gint64 id = pairs_put (pairs, who, &saying, key, &error);
 *     const PairsMatches *matches = pairs_matches (pairs, arena, who, id, 20, &error);
 *     gint64 meeting = pairs_ask (pairs, who, id, matches->matches[0].entry->id, &asking, key, &error);
 *     pairs_answer (pairs, other, meeting, PAIRS_ACCEPT, "电话…", key, &error);
 */
#pragma once

#include "access/access.h"
#include "agents/agents.h"
#include "base/base.h"
#include "market/market.h"
#include "policy/policy.h"
#include "registry/registry.h"

/* Everything pointed to must outlive it. */
typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  Agents *agents;
  gint64 (*clock) (gpointer data); /* UTC seconds; NULL: the machine's */
  gpointer clock_data;
} PairsOptions;

typedef struct Pairs Pairs;
/* Brings the tables up to date and reads the markets and their spaces.  NULL with FAULT_INPUT (file, line,
 * what is wrong), FAULT_SYSTEM. */
Pairs *pairs_open (const PairsOptions *options, GError **error);
void pairs_free (Pairs *pairs);

/* The package's markets but that of jobs, by their ids; N may be 0. */
const Market *const *pairs_markets (const Pairs *pairs, size_t *n);
/* FAULT_NOT_FOUND. */
const Market *pairs_market (const Pairs *pairs, const char *id, GError **error);

/* What is open, and what came of it. */
typedef struct {
  gint64 entries[2]; /* open, by side */
  gint64 asked, accepted, agreed;
} PairsCounts;
bool pairs_count (Pairs *pairs, const char *market, PairsCounts *counts, GError **error);

/* ---- concepts --------------------------------------------------------------------------- */

typedef struct {
  const char *code, *zh, *en;
  guint32 parent; /* among those of the space; near are those of the same; G_MAXUINT32: none */
} PairsConcept;
/* What a column of concepts may say.  Of markets/spaces.csv, of vocabulary/ (occupation, skill, certificate),
 * of the divisions (township). */
const PairsConcept *pairs_concepts (const Pairs *pairs, const MarketColumn *column, size_t *n);
/* The first fault of FOLDER/markets/spaces.csv and of the spaces that MARKETS name; true when there is
 * none. */
bool pairs_check_spaces (const char *folder, const Market *const *markets, size_t n, GError **error);

/* ---- entries ------------------------------------------------------------------------------ */

enum {
  PAIRS_TITLE_MAX = 60,  /* characters */
  PAIRS_TEXT_MAX = 2000, /* likewise */
  PAIRS_CONTACT_MAX = 200,
  PAIRS_VALUES_MAX = 30, /* concepts of a column */
  PAIRS_ENTRIES_MAX = 200,
  PAIRS_DAYS_MAX = 366, /* that an entry may stay open */
};

/* What an entry says in a column: a number or day as text, true or false, a word, codes of concepts. */
typedef struct {
  const MarketColumn *column;
  bool is_stated;            /* by its owner; else read from the registry */
  bool is_known;             /* false: nobody has said, or the registry does not know */
  const char *const *values; /* NULL-terminated; none: there is none */
} PairsValue;

typedef struct {
  gint64 id;          /* 0 in a new one */
  const char *market; /* its id */
  MarketSide side;
  Subject owner; /* as the side's entity: a resident, else an organisation */
  const char *title, *text;
  Day until; /* the last day */
  size_t n_values;
  const PairsValue *values; /* in saying: those stated */
  /* Of an entry on record: */
  const char *owner_name; /* of a person masked, until they are introduced */
  bool is_own, is_open;   /* the reader's; open: and not past */
  gint64 made_at, changed_at;
} PairsEntry;

/* Whether the reader puts entries on SIDE for OWNER: themselves, or an organisation as its representative or
 * whom it lets act for it in every matter. */
bool pairs_may_put (Pairs *pairs, const AccessAccount *who, const Market *market, MarketSide side,
                    Subject owner);
/* What the registry has of OWNER for the columns that are read, as an entry of it would show: in ARENA. */
const PairsValue *pairs_read (Pairs *pairs, Arena *arena, const AccessAccount *who, const Market *market,
                              MarketSide side, Subject owner, size_t *n, GError **error);
/* WHO puts ENTRY, or (its id not 0) changes it.  Its id; 0 with FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT (a
 * text, value or day that is none: which; no key), FAULT_CONFLICT (closed; too many open), FAULT_SYSTEM. */
gint64 pairs_put (Pairs *pairs, const AccessAccount *who, const PairsEntry *entry, const char *key,
                  GError **error);
/* ENTRY is over; who was asked and has not answered need not.  FAULT_NOT_FOUND, FAULT_DENIED, FAULT_SYSTEM.
 */
bool pairs_close (Pairs *pairs, const AccessAccount *who, gint64 entry, GError **error);
/* One that is open, or WHO's own, or of whom they were introduced to.  FAULT_NOT_FOUND, FAULT_SYSTEM. */
const PairsEntry *pairs_entry (Pairs *pairs, Arena *arena, const AccessAccount *who, gint64 id,
                               GError **error);
/* WHO's own of MARKET, the newest first. */
const PairsEntry *pairs_entries (Pairs *pairs, Arena *arena, const AccessAccount *who, const char *market,
                                 size_t *n, GError **error);

/* Open entries of a side that name a concept: the courses that teach a skill, say. */
typedef struct {
  const char *market, *column, *concept; /* ids, and a code */
  MarketSide side;
  size_t limit;
} PairsWish;
/* The newest first; N may be 0. */
const PairsEntry *pairs_saying (Pairs *pairs, Arena *arena, const AccessAccount *who, const PairsWish *wish,
                                size_t *n, GError **error);

/* ---- matches and introductions ----------------------------------------------------------------- */

typedef enum { PAIRS_ASKED, PAIRS_ACCEPTED, PAIRS_DECLINED, PAIRS_AGREED, PAIRS_NOT_AGREED } PairsState;
enum { PAIRS_STATES = PAIRS_NOT_AGREED + 1 };
const char *pairs_state_id (PairsState state); /* "asked" … */
PolicyText pairs_state_name (PairsState state);

typedef enum { PAIRS_ACCEPT, PAIRS_DECLINE, PAIRS_AGREE, PAIRS_DISAGREE } PairsAct;

/* Two entries introduced to each other. */
typedef struct {
  gint64 id;
  PairsState state;
  bool is_asker;     /* the reader asked */
  gint64 own, other; /* entries */
  const char *other_title, *other_name;
  const char *words;   /* of who asked */
  const char *contact; /* the other side's, once accepted; NULL before */
  gint64 changed_at;
} PairsMeeting;

typedef struct {
  const PairsEntry *entry;
  const MarketReasons *reasons;
  const PairsMeeting *meeting; /* NULL: not introduced */
} PairsMatch;
typedef struct {
  const Market *market;
  size_t n_looked, n;
  const PairsMatch *matches;
} PairsMatches;
/* The best K for WHO's own ENTRY.  FAULT_NOT_FOUND, FAULT_DENIED, FAULT_SYSTEM. */
const PairsMatches *pairs_matches (Pairs *pairs, Arena *arena, const AccessAccount *who, gint64 entry,
                                   size_t k, GError **error);

/* For WHO's OWN entry ask that of OTHER, in WORDS; CONTACT is theirs to see once they accept.  The meeting's
 * id; 0 with FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT (no words or contact; no key), FAULT_CONFLICT (the
 * pair does not qualify; introduced already), FAULT_SYSTEM. */
gint64 pairs_ask (Pairs *pairs, const AccessAccount *who, gint64 own, gint64 other, const char *words,
                  const char *contact, const char *key, GError **error);
/* ACT on MEETING by WHO: who was asked accepts (with their CONTACT) or declines; then either says what came
 * of it.  The same again is nothing.  Faults as pairs_ask. */
bool pairs_answer (Pairs *pairs, const AccessAccount *who, gint64 meeting, PairsAct act, const char *contact,
                   GError **error);
/* Those of WHO's own ENTRY, the newest first. */
const PairsMeeting *pairs_meetings (Pairs *pairs, Arena *arena, const AccessAccount *who, gint64 entry,
                                    size_t *n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pairs, pairs_free)
