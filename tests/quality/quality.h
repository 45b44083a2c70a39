/* quality — how good the order of posts is that a person looking for work is shown, measured
 * without people: posts and searches are made up from a truth that is then hidden.
 *
 * What is made up.  A post has a true occupation, skills that it truly needs, a township, pay,
 * conditions of law.  What employers write of it is noisy: the title may be a synonym, a
 * word of Taiwan, or slang that no dictionary here knows; misspelt; with shouting around it; the
 * text names some of the skills, by one name or another, and other people's occupations as well; the code of
 * the occupation is the right one in three of four posts, one of its family in a tenth, and else not given.
 * What the law asks for, pay, kind and township are on record as they are.  A search is a person with a true
 * occupation, skills, certificates, home and least pay, who types their occupation as people do (synonyms,
 * syllables, first letters, misspelt), perhaps with a skill, and has a profile that says
 * part of it.
 *
 * Who sees what.  Rankers see the `seen` members alone, and a dictionary that lacks the slang.  The judge
 * sees the `hidden` members, no text, no code and no score; pay, township, kind and what the law asks for are
 * the same for both.
 *
 * The judge's rules.  A post that the person may not hold by law is 0.  Else three things are looked
 * at: whether the person has at least half of the skills that it truly needs, whether it is in the home
 * township or one beside it, and whether it pays what they want (nine tenths will do).
 *   - their occupation:             3 when all three hold, 2 when two, 1 otherwise;
 *   - an occupation of its family:  2 when all three hold, 1 when the skills and one more hold;
 *   - any other:                    0.
 * Place and pay are things that market/ scores and others do not, so there is a second judge who looks at the
 * work alone: their occupation 3 with the skills and 2 without, one of its family 1 with them.
 *
 * Searches of even number are for tuning a ranker, those of odd number for the report. */
#pragma once

#include "base/base.h"

enum {
  QUALITY_SKILLS_MAX = 8,
  QUALITY_TOWNS = 15,
  QUALITY_TOP = 10,
  QUALITY_KEPT = 50,
  QUALITY_NONE = 0xffff
};

typedef enum { QUALITY_COMPANY, QUALITY_PUBLIC, QUALITY_WELFARE } QualityKind;

/* Certificates are numbered from 1, education from 1 (lower school) to 5 (a master's degree). */
typedef struct {
  struct {
    guint16 occupation, skills[QUALITY_SKILLS_MAX];
    size_t n_skills;
  } hidden;
  struct {
    const char *title, *text;
    guint16 code; /* occupation, or QUALITY_NONE */
    guint16 township, certificate, education;
    QualityKind kind;
    gint64 pay;   /* yuan a month */
    unsigned age; /* days since it was published */
  } seen;
} QualityPost;

typedef struct {
  struct {
    guint16 occupation, skills[QUALITY_SKILLS_MAX];
    size_t n_skills;
  } hidden;
  struct {
    const char *typed;
    guint16 code;                       /* occupation wanted by the profile, or QUALITY_NONE */
    guint16 skills[QUALITY_SKILLS_MAX]; /* of the profile */
    size_t n_skills;
    guint16 township, certificate, education;
    gint64 pay;
    bool hard_to_employ;
  } seen;
} QualitySearch;

typedef struct {
  size_t n_posts, n_searches;
  const QualityPost *posts;
  const QualitySearch *searches;
  Arena *arena;
} Quality;

/* All of it follows from SEED.  Free with quality_free. */
Quality *quality_make (guint32 seed, size_t n_posts, size_t n_searches);
void quality_free (Quality *quality);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Quality, quality_free)

/* ---- the dictionary that rankers have ---------------------------------------------- */

size_t quality_occupations (void);
size_t quality_skills (void);
guint16 quality_family (guint16 occupation);
const char *quality_skill_name (guint16 skill);
const char *quality_township (guint16 township);
bool quality_beside (guint16 a, guint16 b); /* townships, also the same */
/* How near two occupations are by their families and skills, in hundredths. */
unsigned quality_near (guint16 a, guint16 b);

/* What TEXT mentions, longest words first: occupations as they are, skills as quality_occupations() + skill,
 * each once. */
typedef struct {
  guint16 concept;
  size_t from, to; /* bytes */
} QualityMention;
const QualityMention *quality_mentions (const char *text, Arena *arena, size_t *n);

/* ---- judging --------------------------------------------------------------------------- */

/* What the law says of PERSON and POST. */
bool quality_may_hold (const QualitySearch *person, const QualityPost *post);
typedef enum { QUALITY_ALL, QUALITY_WORK } QualityJudge;
unsigned quality_grade (QualityJudge judge, const QualitySearch *person, const QualityPost *post);
/* nDCG of the first QUALITY_TOP of ORDER (posts): gains 2^grade - 1 over log2 (place + 1), against the best
 * order of all posts.  -1 where no post is worth anything. */
double quality_ndcg (const Quality *quality, QualityJudge judge, size_t search, const guint32 *order,
                     size_t n);
