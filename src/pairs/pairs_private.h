/* What the parts of pairs share.
 *
 *   pairs.c    opening, tables, who may
 *   spaces.c   the concepts that columns are about
 *   values.c   what an entry says, stated and read
 *   entries.c  putting, closing, reading entries
 *   match.c    who suits whom
 *   meet.c     introductions */
#pragma once

#include "audit/audit.h"
#include "notices/notices.h"
#include "pairs/pairs.h"
#include "store/store.h"
#include "vocabulary/vocabulary.h"

/* In the log: why facts were read or written. */
#define PAIRS_PURPOSE "markets"

/* ---- spaces.c --------------------------------------------------------------------------- */

typedef struct {
  const char *id;
  guint32 n;
  PairsConcept *concepts;
  GHashTable *by_word; /* code, name and other words to index + 1 */
  MarketSpace market;
} Space;

typedef struct {
  Arena *arena;
  GPtrArray *all; /* of Space */
} Spaces;

/* Those of FOLDER/markets/spaces.csv, and with VOCABULARY and DIVISIONS (each may be NULL) theirs. */
bool spaces_open (Spaces *spaces, const char *folder, const Vocabulary *vocabulary,
                  const RegistryDivisions *divisions, Day today, GError **error);
void spaces_close (Spaces *spaces);
const Space *spaces_find (const Spaces *spaces, const char *id);
/* The concept that WORD stands for, or the one whose code begins as an industry's does (C3670: C36);
 * G_MAXUINT32: none. */
guint32 space_concept (const Space *space, const char *word);

/* ---- pairs.c ------------------------------------------------------------------------------ */

struct Pairs {
  PairsOptions options;
  Store *store;
  Arena *arena; /* of the markets */
  size_t n_markets;
  const Market *const *markets;
  Vocabulary *vocabulary; /* NULL: the package has none */
  Spaces spaces;
};

gint64 pairs_now (const Pairs *pairs);
Day pairs_today (const Pairs *pairs);
bool pairs_refuse (GError **error, FaultCode code, const char *why);
void *pairs_keep (Arena *arena, const GArray *list);
const MarketColumn *pairs_column (const MarketSideType *type, const char *id);
/* Whether the column is read from the registry of an owner of ENTITY: resident or organisation. */
bool column_is_read (const MarketColumn *column, const RegistryEntity *owner);
const RegistryEntity *owner_entity (const Pairs *pairs, const Market *market, MarketSide side);
/* Inside a work: WHO did DEED to entry or meeting ID. */
bool pairs_note (StoreConnection *db, const AccessAccount *who, const char *deed, gint64 id, Subject subject,
                 GError **error);
bool pairs_run (StoreConnection *db, const char *sql, const gint64 *numbers, int n, GError **error);

/* ---- values.c ------------------------------------------------------------------------------- */

/* FAULT_INPUT, naming the column, unless VALUE is what its column can say. */
bool value_check (const Pairs *pairs, const PairsValue *value, GError **error);
/* What VALUE (checked) says, concepts by their codes. */
const char *const *value_codes (const Pairs *pairs, Arena *arena, const PairsValue *value);
/* VALUE as a market takes it: a number, or MARKET_UNKNOWN, MARKET_NONE; not of concepts. */
gint64 value_number (const PairsValue *value);
/* Inside a work: ENTRY says VALUES, N of them, and nothing else. */
bool values_write (StoreConnection *db, gint64 entry, const PairsValue *values, size_t n, GError **error);
/* What ENTRY says, by the columns of its side. */
const PairsValue *values_of (StoreConnection *db, Arena *arena, const MarketSideType *type, gint64 entry,
                             size_t *n, GError **error);

/* ---- entries.c -------------------------------------------------------------------------------- */

/* With its owner; FAULT_NOT_FOUND. */
bool entry_find (StoreConnection *db, const Pairs *pairs, Arena *arena, gint64 id, PairsEntry *entry,
                 GError **error);
/* As a reader WHO sees it. */
void entry_show (Pairs *pairs, Arena *arena, const AccessAccount *who, PairsEntry *entry, bool introduced);
/* FAULT_DENIED unless ENTRY is WHO's. */
bool entry_check_own (Pairs *pairs, const AccessAccount *who, const PairsEntry *entry, GError **error);
/* FAULT_INPUT, naming FIELD, unless TEXT is plain: 1 (or, where it may be, 0) to MOST characters. */
bool text_check (const char *field, const char *text, bool may_be_empty, glong most, bool may_have_contact,
                 GError **error);

/* ---- match.c ------------------------------------------------------------------------------------ */

/* Whether OWN and OTHER, of either side of one market, meet all conditions today. */
bool pair_qualifies (Pairs *pairs, StoreConnection *db, const PairsEntry *own, const PairsEntry *other,
                     bool *qualifies, GError **error);

/* ---- meet.c --------------------------------------------------------------------------------------- */

/* Of entry OWN and OTHER (0: any); as OWN's owner sees them. */
const PairsMeeting *meetings_of (StoreConnection *db, const Pairs *pairs, Arena *arena, gint64 own,
                                 gint64 other, size_t *n, GError **error);
/* Inside a work: nobody waits for ENTRY any more. */
bool meetings_end (StoreConnection *db, const Pairs *pairs, gint64 entry, GError **error);
