/* quality — how good the order of posts is that a person looking for work is shown, measured
 * without people: posts and searches are made up from a truth that is then hidden.
 *
 * What is made up.  A post has a true occupation and skills that it truly needs.  What employers write of it
 * is texts, and noisy: the title may be a synonym, a word of Taiwan, slang, or what people say instead of a
 * name (no table of names has that); misspelt; with shouting around it; the text names some of the skills, by
 * one name or another, and other people's occupations as well; the occupation chosen on the form is the right
 * one in three of four posts, one of its family in a tenth, and else none.  A search is a person with a true
 * occupation and skills, who types their occupation as people do (synonyms, what people say instead,
 * syllables, first letters, misspelt), perhaps with a skill, and has a profile that says part of it in words.
 * Township, pay, kind and the certificates that the law asks for are on record as they are.
 *
 * Who sees what.  Rankers see the `seen` members alone, and turn texts into concepts by the county's words of
 * work (concepts.h).  The judge sees the `hidden` members and the families of this measure's own words: no
 * text, no table of the county, no score; what is on record is the same for both.
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
  QUALITY_CERTIFICATES = 13,
  /* with none */ QUALITY_TOP = 10,
  QUALITY_KEPT = 50
};

typedef enum { QUALITY_COMPANY, QUALITY_PUBLIC, QUALITY_WELFARE } QualityKind;

/* Certificates are numbered from 1 (quality_certificate has their names), education from 1 (lower school) to
 * 5 (a master's degree). */
typedef struct {
  struct {
    guint16 occupation, skills[QUALITY_SKILLS_MAX];
    size_t n_skills;
  } hidden;
  struct {
    const char *title, *text;
    const char *listed; /* the occupation chosen on the form; "" */
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
    const char *typed, *listed;             /* LISTED: the occupation that the profile wants; "" */
    const char *skills[QUALITY_SKILLS_MAX]; /* of the profile */
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

/* ---- what is on record -------------------------------------------------------------- */

const char *quality_township (guint16 township);
bool quality_beside (guint16 a, guint16 b); /* townships, also the same */
/* The names of what the law asks for by this number, NULL-terminated; of 0 none. */
const char *const *quality_certificate (guint16 certificate);

/* ---- judging --------------------------------------------------------------------------- */

/* What the law says of PERSON and POST. */
bool quality_may_hold (const QualitySearch *person, const QualityPost *post);
typedef enum { QUALITY_ALL, QUALITY_WORK } QualityJudge;
unsigned quality_grade (QualityJudge judge, const QualitySearch *person, const QualityPost *post);
/* nDCG of the first QUALITY_TOP of ORDER (posts): gains 2^grade - 1 over log2 (place + 1), against the best
 * order of all posts.  -1 where no post is worth anything. */
double quality_ndcg (const Quality *quality, QualityJudge judge, size_t search, const guint32 *order,
                     size_t n);
