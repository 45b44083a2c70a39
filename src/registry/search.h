/* What search's parts share: the keys by which subjects are found, and the tables
 * that hold them.
 *
 *   search_keys.c    name, number, telephone → keys
 *   search_index.c   the tables: made, kept up to date, built in one pass
 *   search_plan.c    what was typed → stages, ranges of keys
 *   search.c         stages → hits
 *
 * A key's first character says what it is; where it begins is the difference
 * between capitals and small letters:
 *
 *   N陈依依 n依依 n依         the name from its start, and from each later unit
 *   Pchenyiyi pyiyi pyi      its readings, tones left out, one key per way to read it
 *   Icyy<=? iyy=?            first letters, then the mark of each syllable (base/spelling.h)
 *   D35999919900101001x      the number
 *   dx1001010                its end, backwards
 *   T10000000001             the telephone number, backwards
 *
 * search_<entity> is clustered by (place, key, subject).  What is part of a name
 * is the beginning of one of its ends, so every search is a few short ranges, in
 * one place or in all of them.  In place 0 are those whose township is not known,
 * and everybody's d and T, of which nobody has many alike. */
#pragma once

#include "registry/registry_private.h"

/* What is known of a subject to find it by. */
typedef struct {
  Text name, number, phone, township;
  gint64 community; /* the place's subject number, 0: not known */
} SearchSubject;

/* Keys in one buffer, reused from subject to subject. */
typedef struct {
  guint32 offset, len;
} SearchKey;

typedef struct {
  Buffer bytes;
  SearchKey *keys; /* rising, each once */
  size_t n, size;
} SearchKeys;

/* Characters of a number's end that are kept; longer ones are compared with the number itself. */
enum { SEARCH_END_MAX = 8 };

void search_keys_make (SearchKeys *keys, const SearchSubject *subject);
void search_keys_clear (SearchKeys *keys);
/* The last characters of TEXT, at most MAX, backwards into OUT, which has room for TEXT. */
Text search_backwards (Text text, size_t max, char *out);
static inline Text
search_key (const SearchKeys *keys, size_t i)
{
  return (Text){ (const char *)keys->bytes.bytes + keys->keys[i].offset, keys->keys[i].len };
}
/* Whether keys of that kind are kept by place. */
static inline bool
search_is_by_place (char kind)
{
  return kind != 'd' && kind != 'T';
}

/* Whether subjects of ENTITY are searched at all: those that stand somewhere or have
 * a telephone.  Nobody looks for a certificate by the letters of its name. */
static inline bool
search_has (const RegistryEntity *entity)
{
  return entity->phone || ((entity->label || entity->number) && (entity->township || entity->community));
}

/* ---- the tables -------------------------------------------------------- */

/* Statements about one entity.  Those that give hits take ?1 and ?2 the range, ?3 the
 * last subject seen at its beginning, ?4 how many, ?5 the community or 0; those by
 * name also ?6 which syllable has a mark from ?7 to ?8 (0: any) and the places; the
 * others ?6 the township or ''. */
typedef struct SearchStatements {
  char *add, *put, *remove; /* put may replace; ?1 place, ?2 key, ?3 subject, ?4 community */
  char *add_many;           /* the same of several rows, one behind the other */
  char *one, *all;          /* what subjects are found by: search_read_subject */
  char *names, *ends;
  char *count_names; /* no more than subject numbers */
} SearchStatements;

enum { SEARCH_PLACE = 9, SEARCH_PLACES = 16 };
#define SEARCH_RANGE                                                                                         \
  " AND key >= ?1 AND key < ?2 AND (?5 = 0 OR community = ?5)"                                               \
  " AND (?6 = 0 OR substr (key, CAST (length (key) / 2 + 1 + ?6 AS INT), 1) BETWEEN ?7 AND ?8)"

/* The slices are the row's. */
void search_read_subject (StoreStatement *row, SearchSubject *subject);

/* A writer's way to keep the tables up to date. */
struct SearchIndex {
  const Registry *registry;
  StoreConnection *db;
  GHashTable *places; /* township → number, as far as met */
  SearchKeys before, after;
  Buffer bytes;    /* of the changes' keys */
  GArray *changes; /* not yet written: search_index_flush */
};

/* ---- asking ------------------------------------------------------------ */

/* A range of keys, and what syllables they must spell. */
typedef struct {
  char kind;
  Text from;
  Text to;                        /* the first text behind the range */
  const SpellingPattern *pattern; /* of I and i, else NULL */
  Text end;                       /* of d: what the number must end with, longer than its keys; else empty */
} SearchStage;

typedef struct {
  const SearchStage *stages;
  size_t n;
  RegistryTerm term;
  bool too_short;
} SearchPlan;

/* The stages in which TEXT is looked for, the nearest first. */
SearchPlan search_plan (Arena *arena, const RegistryEntity *entity, const char *text);
/* Whether KEY, of the stage's kind, lies in it. */
bool search_stage_holds (const SearchStage *stage, Text key);
/* The stage in which a subject is a hit, with its first key there; -1 when it is
 * none.  Every subject is listed once, at this place. */
int search_plan_match (const SearchPlan *plan, const SearchSubject *subject, const SearchKeys *keys,
                       Text *key);
