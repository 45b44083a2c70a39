/* vocabulary — the words of work as data: occupations, skills, certificates, and what belongs to what.
 *
 * What it is for: a person writes 开叉车, an employer 堆高機司機, the law 场内专用机动车辆作业证.  Here all
 * three lead to concepts that can be compared, counted and explained.  The package's folder vocabulary has
 * three tables (docs/vocabulary.md): occupations in the order of the national classification, each with the
 * skills it uses and the certificates that the law or custom asks for; skills; certificates with their law.
 *
 * What it promises
 *   - A word leads to one concept: labels, synonyms, Taiwan's and other names; traditional and simplified
 * characters, full and half width, capital and small letters make no difference.
 *   - In a text the longest words are found, in one pass; a word is not found inside a longer one.
 *   - How near two occupations are is worked out from the tables: the same group, and the skills that both
 * use.
 *   - Immutable once loaded, and shared by threads.
 *
 * What it refuses: a table in which a code or a word stands for two things, a parent that is not there or
 * comes round to itself, a skill or certificate that no table has, a certificate asked for by a law that is
 * not named; file and row are named.
 *
 * How a call goes
 *
 *     g_autoptr (Vocabulary) words = vocabulary_load ("policy/minhou-2021-81/vocabulary", &error);
 *     found = vocabulary_find (words, arena, text, &n);
 *     best = vocabulary_suggest (words, arena, text_of ("dgsj"), VOCABULARY_OCCUPATION, 8, &n);
 */
#pragma once

#include "base/base.h"

typedef enum { VOCABULARY_OCCUPATION, VOCABULARY_SKILL, VOCABULARY_CERTIFICATE } VocabularyKind;
enum { VOCABULARY_KINDS = VOCABULARY_CERTIFICATE + 1 };
const char *vocabulary_kind_id (VocabularyKind kind); /* "occupation", "skill", "certificate" */

#define VOCABULARY_NONE G_MAXUINT32

typedef struct {
  VocabularyKind kind;
  guint32 at; /* among those of its kind, in the table's order */
  const char *code, *zh, *en;
  guint32 parent;           /* of an occupation: the group's index in all, or VOCABULARY_NONE */
  bool is_group;            /* holds occupations: nobody's own */
  const char *law;          /* of a certificate: by which it is asked for; "" */
  const char *confidence;   /* "cited", "derived", "assumed" */
  const char *const *words; /* other names, NULL-terminated */
} VocabularyConcept;

typedef struct Vocabulary Vocabulary;
/* The tables of FOLDER.  NULL with FAULT_NOT_FOUND, FAULT_INPUT (file, row, reason). */
Vocabulary *vocabulary_load (const char *folder, GError **error);
void vocabulary_free (Vocabulary *vocabulary);

/* All concepts, occupations first, then skills, then certificates; those of KIND begin at *FIRST. */
const VocabularyConcept *vocabulary_concepts (const Vocabulary *vocabulary, size_t *n);
const VocabularyConcept *vocabulary_of_kind (const Vocabulary *vocabulary, VocabularyKind kind, size_t *n);
/* By code, or by any of its names; an index into all, or VOCABULARY_NONE. */
guint32 vocabulary_by_code (const Vocabulary *vocabulary, Text code);
guint32 vocabulary_by_name (const Vocabulary *vocabulary, Text name);

/* What an occupation uses or needs. */
typedef struct {
  guint32 concept; /* an index into all */
  guint8 weight;   /* of a skill: 1 to 3; of a certificate 3 */
  bool by_law;     /* of a certificate: the law asks for it; else employers do: never a hard condition */
} VocabularyTie;
const VocabularyTie *vocabulary_skills (const Vocabulary *vocabulary, guint32 occupation, size_t *n);
const VocabularyTie *vocabulary_certificates (const Vocabulary *vocabulary, guint32 occupation, size_t *n);
/* The certificates that whoever holds CERTIFICATE has no need of, by law: a lorry's driver may drive a car.
 */
const VocabularyTie *vocabulary_included (const Vocabulary *vocabulary, guint32 certificate, size_t *n);

/* How near two occupations are, 0 to 100: 100 the same; else 30 in the same group and 10 in the same major
 * one, and up to 60 by the skills that both use (their common weight over that of either). */
unsigned vocabulary_near (const Vocabulary *vocabulary, guint32 a, guint32 b);

/* Of each concept of KIND, by its place among them, what one who has it is near to: itself with 100 first,
 * then those that are at least VOCABULARY_NEAR_LEAST near, a group and what it holds with 80.  Concept c's
 * begin at
 * (*STARTS)[c] and end at (*STARTS)[c + 1]; `concept` is a place among those of KIND.  Skills and
 * certificates are near themselves alone.  In ARENA. */
enum { VOCABULARY_NEAR_LEAST = 40 };
const VocabularyTie *vocabulary_neighbours (const Vocabulary *vocabulary, Arena *arena, VocabularyKind kind,
                                            const guint32 **starts);

/* ---- texts --------------------------------------------------------------------------- */

typedef struct {
  guint32 concept;
  size_t from, len; /* bytes of the text */
} VocabularyMention;
/* Concepts that TEXT names, in its order; in ARENA.  Any bytes will do: those that are no UTF-8 are passed
 * over. In time in proportion to TEXT and to the longest word. */
const VocabularyMention *vocabulary_find (const Vocabulary *vocabulary, Arena *arena, Text text, size_t *n);

/* The best K of KIND for what somebody TYPED so far: names that begin so, then names that hold it, then by
 * the syllables of any of their readings (kuaiji), then by syllables or first letters (ccsj, chachesj), then
 * with one character otherwise; of equal ones the shorter name, then the concept's own, then the table's
 * order; groups are left out.  In ARENA. */
const guint32 *vocabulary_suggest (const Vocabulary *vocabulary, Arena *arena, Text typed,
                                   VocabularyKind kind, size_t k, size_t *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Vocabulary, vocabulary_free)
