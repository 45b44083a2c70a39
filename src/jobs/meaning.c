/* What the words of advertisements and profiles mean: concepts of the vocabulary, so that 開堆高機 and
 * 叉车司机 are the same work.  A certificate that the vocabulary does not know is a concept of its own: what
 * an advertisement asks for by law is asked for under any name. */
#include "jobs/matching_private.h"

#include <string.h>

enum { TYPED_MOST = 60 };

/* Texts with a number each, from FIRST on. */
typedef struct {
  guint32 first;
  GPtrArray *texts;
  GHashTable *number_of;
} Texts;

struct Meaning {
  Vocabulary *vocabulary;
  Arena *arena;
  MarketSpace spaces[SPACE_CERTIFICATE]; /* those that do not grow */
  Texts certificates, townships;
};

/* ---- spaces ---------------------------------------------------------------------------------- */

static void
texts_open (Texts *texts, guint32 first)
{
  *texts
      = (Texts){ first, g_ptr_array_new_with_free_func (g_free), g_hash_table_new (g_str_hash, g_str_equal) };
}

static void
texts_close (Texts *texts)
{
  g_hash_table_unref (texts->number_of);
  g_ptr_array_unref (texts->texts);
}

static guint32
texts_number (Texts *texts, const char *text)
{
  gpointer place;
  if (g_hash_table_lookup_extended (texts->number_of, text, NULL, &place))
    return GPOINTER_TO_UINT (place);
  guint32 number = texts->first + texts->texts->len;
  char *kept = g_strdup (text);
  g_ptr_array_add (texts->texts, kept);
  g_hash_table_insert (texts->number_of, kept, GUINT_TO_POINTER (number));
  return number;
}

static MarketSpace
make_space (const Meaning *meaning, VocabularyKind kind)
{
  size_t n;
  const VocabularyConcept *concepts = vocabulary_of_kind (meaning->vocabulary, kind, &n);
  const guint32 *starts;
  const VocabularyTie *ties = vocabulary_neighbours (meaning->vocabulary, meaning->arena, kind, &starts);
  const char **names = arena_new0 (meaning->arena, const char *, MAX (n, 1));
  MarketNear *near = arena_new0 (meaning->arena, MarketNear, MAX (starts[n], 1));
  for (size_t i = 0; i < n; i++)
    names[i] = concepts[i].zh;
  for (guint32 i = 0; i < starts[n]; i++)
    near[i] = (MarketNear){ ties[i].concept, ties[i].weight };
  return (MarketSpace){ vocabulary_kind_id (kind), (guint32)n, names, starts, near };
}

Meaning *
meaning_new (const char *folder, GError **error)
{
  Vocabulary *vocabulary = vocabulary_load (folder, error);
  size_t n;
  if (!vocabulary)
    return NULL;
  Meaning *meaning = g_new0 (Meaning, 1);
  meaning->vocabulary = vocabulary;
  meaning->arena = arena_new ();
  meaning->spaces[SPACE_OCCUPATION] = make_space (meaning, VOCABULARY_OCCUPATION);
  meaning->spaces[SPACE_SKILL] = make_space (meaning, VOCABULARY_SKILL);
  vocabulary_of_kind (vocabulary, VOCABULARY_CERTIFICATE, &n);
  texts_open (&meaning->certificates, (guint32)n);
  texts_open (&meaning->townships, 0);
  return meaning;
}

void
meaning_free (Meaning *meaning)
{
  if (!meaning)
    return;
  texts_close (&meaning->certificates);
  texts_close (&meaning->townships);
  arena_free (meaning->arena);
  vocabulary_free (meaning->vocabulary);
  g_free (meaning);
}

/* Concepts that are near themselves alone: the vocabulary's of KIND (none: VOCABULARY_KINDS), then TEXTS. */
static MarketSpace
growing_space (const Meaning *meaning, Arena *arena, const char *id, const VocabularyConcept *known,
               const Texts *texts)
{
  guint32 n = texts->first + texts->texts->len;
  const char **names = arena_new0 (arena, const char *, MAX (n, 1));
  guint32 *starts = arena_new0 (arena, guint32, n + 1);
  MarketNear *list = arena_new0 (arena, MarketNear, MAX (n, 1));
  for (guint32 i = 0; i < n; i++) {
    names[i] = i < texts->first ? known[i].zh : g_ptr_array_index (texts->texts, i - texts->first);
    list[i] = (MarketNear){ i, 100 };
    starts[i + 1] = i + 1;
  }
  return (MarketSpace){ id, n, names, starts, list };
}

const MarketSpace *
meaning_spaces (const Meaning *meaning, Arena *arena)
{
  size_t n;
  MarketSpace *spaces = arena_new0 (arena, MarketSpace, SPACES);
  memcpy (spaces, meaning->spaces, sizeof meaning->spaces);
  spaces[SPACE_CERTIFICATE] = growing_space (
      meaning, arena, "certificate", vocabulary_of_kind (meaning->vocabulary, VOCABULARY_CERTIFICATE, &n),
      &meaning->certificates);
  spaces[SPACE_TOWNSHIP] = growing_space (meaning, arena, "township", NULL, &meaning->townships);
  return spaces;
}

guint32
meaning_grown (const Meaning *meaning)
{
  return meaning->certificates.texts->len + meaning->townships.texts->len;
}

const VocabularyConcept *
meaning_concept (const Meaning *meaning, int space, guint32 concept)
{
  static const VocabularyKind kinds[] = { VOCABULARY_OCCUPATION, VOCABULARY_SKILL, VOCABULARY_CERTIFICATE };
  size_t n = 0;
  const VocabularyConcept *of_kind
      = space < SPACE_TOWNSHIP ? vocabulary_of_kind (meaning->vocabulary, kinds[space], &n) : NULL;
  return concept < n ? &of_kind[concept] : NULL;
}

const Vocabulary *
meaning_words (const Meaning *meaning)
{
  return meaning->vocabulary;
}

/* ---- sayings ------------------------------------------------------------------------------------ */

const char *
said_id (int said)
{
  static const char *const ids[SAYINGS] = { [SAID_WANTED] = "wanted",
                                            [SAID_TRADES] = "trades",
                                            [SAID_SKILLS] = "skills",
                                            [SAID_CERTIFICATES] = "certificates",
                                            [SAID_EDUCATION] = "education",
                                            [SAID_SKILL_LEVEL] = "skill_level",
                                            [SAID_BIRTH_DATE] = "birth_date",
                                            [SAID_TOWNSHIPS] = "townships",
                                            [SAID_PAY_FROM] = "pay_from",
                                            [SAID_HARD_TO_EMPLOY] = "hard_to_employ",
                                            [SAID_HOME] = "home",
                                            [SAID_OCCUPATION] = "occupation",
                                            [SAID_KIND] = "kind",
                                            [SAID_PAY_TO] = "pay_to",
                                            [SAID_PUBLISHED_ON] = "published_on",
                                            [SAID_CLOSES_ON] = "closes_on" };
  return ids[said];
}

void
said_open (Said *said)
{
  for (int i = 0; i < SAYINGS; i++) {
    said->values[i] = MARKET_UNKNOWN;
    said->concepts[i] = g_array_new (FALSE, FALSE, sizeof (guint32));
  }
}

void
said_close (Said *said)
{
  for (int i = 0; i < SAYINGS; i++)
    g_array_unref (said->concepts[i]);
}

static void
say_concept (Said *said, int which, guint32 concept)
{
  GArray *list = said->concepts[which];
  for (guint i = 0; i < list->len; i++)
    if (g_array_index (list, guint32, i) == concept)
      return;
  g_array_append_val (list, concept);
}

/* ---- from words to concepts ------------------------------------------------------------------------ */

/* The concepts of KIND that TEXT names; how many. */
static size_t
say_mentioned (const Meaning *meaning, Said *said, int which, VocabularyKind kind, const char *text)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n, n_all, n_kind, found = 0;
  const VocabularyConcept *all = vocabulary_concepts (meaning->vocabulary, &n_all),
                          *first = vocabulary_of_kind (meaning->vocabulary, kind, &n_kind);
  const VocabularyMention *mentions
      = text && *text ? vocabulary_find (meaning->vocabulary, arena, text_of (text), &n) : (n = 0, NULL);
  for (size_t i = 0; i < n; i++)
    if (all[mentions[i].concept].kind == kind) {
      say_concept (said, which, mentions[i].concept - (guint32)(first - all));
      found++;
    }
  return found;
}

/* The one of KIND that is called NAME; else those that it names. */
static size_t
say_named (const Meaning *meaning, Said *said, int which, VocabularyKind kind, const char *name)
{
  size_t n;
  const VocabularyConcept *all = vocabulary_concepts (meaning->vocabulary, &n),
                          *first = vocabulary_of_kind (meaning->vocabulary, kind, &n);
  guint32 concept = name ? vocabulary_by_name (meaning->vocabulary, text_of (name)) : VOCABULARY_NONE;
  if (concept == VOCABULARY_NONE || all[concept].kind != kind)
    return say_mentioned (meaning, said, which, kind, name);
  say_concept (said, which, concept - (guint32)(first - all));
  return 1;
}

static void
say_certificate (Meaning *meaning, Said *said, const char *name)
{
  if (!say_named (meaning, said, SAID_CERTIFICATES, VOCABULARY_CERTIFICATE, name))
    say_concept (said, SAID_CERTIFICATES, texts_number (&meaning->certificates, name));
}

/* Who may drive a lorry may drive a car: what a person's certificates stand for as well. */
static void
say_included (const Meaning *meaning, Said *said)
{
  const GArray *held = said->concepts[SAID_CERTIFICATES];
  size_t n, n_all;
  const VocabularyConcept *all = vocabulary_concepts (meaning->vocabulary, &n_all);
  guint32 first = (guint32)(vocabulary_of_kind (meaning->vocabulary, VOCABULARY_CERTIFICATE, &n) - all);
  for (guint i = 0, before = held->len; i < before; i++) {
    guint32 one = g_array_index (held, guint32, i);
    const VocabularyTie *ties = one < meaning->certificates.first
                                    ? vocabulary_included (meaning->vocabulary, first + one, &n)
                                    : (n = 0, NULL);
    for (size_t t = 0; t < n; t++)
      say_concept (said, SAID_CERTIFICATES, ties[t].concept - first);
  }
}

/* As somebody types who is in a hurry: by syllables, first letters or with a typo. */
static void
say_typed (const Meaning *meaning, Said *said, const char *typed)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n = 0;
  if (!say_named (meaning, said, SAID_WANTED, VOCABULARY_OCCUPATION, typed) && strlen (typed) <= TYPED_MOST) {
    const guint32 *best
        = vocabulary_suggest (meaning->vocabulary, arena, text_of (typed), VOCABULARY_OCCUPATION, 1, &n);
    if (n)
      say_concept (said, SAID_WANTED, best[0]);
  }
}

static gint64
level_of (const RegistryAttribute *attribute, const char *value)
{
  for (size_t i = 0; value && i < attribute->n_values; i++)
    if (g_str_equal (attribute->values[i], value))
      return (gint64)i;
  return value && *value ? MARKET_UNKNOWN : MARKET_NONE;
}

/* ---- posts ------------------------------------------------------------------------------------------- */

/* The law asks for them whether or not the advertisement says so; custom does not. */
static void
say_legal (const Meaning *meaning, Said *said)
{
  size_t n, n_all, n_kind;
  const VocabularyConcept *all = vocabulary_concepts (meaning->vocabulary, &n_all),
                          *first = vocabulary_of_kind (meaning->vocabulary, VOCABULARY_CERTIFICATE, &n_kind);
  const GArray *occupations = said->concepts[SAID_OCCUPATION];
  if (occupations->len != 1) /* of several works nobody knows which */
    return;
  const VocabularyTie *ties
      = vocabulary_certificates (meaning->vocabulary, g_array_index (occupations, guint32, 0), &n);
  for (size_t i = 0; i < n; i++)
    if (ties[i].by_law)
      say_concept (said, SAID_CERTIFICATES, ties[i].concept - (guint32)(first - all));
}

static void
say_work (Meaning *meaning, const JobsAdvertisement *says, Said *said)
{
  if (!say_named (meaning, said, SAID_OCCUPATION, VOCABULARY_OCCUPATION, says->occupation))
    say_mentioned (meaning, said, SAID_OCCUPATION, VOCABULARY_OCCUPATION, says->title);
  for (size_t i = 0; says->skills && says->skills[i]; i++)
    say_named (meaning, said, SAID_SKILLS, VOCABULARY_SKILL, says->skills[i]);
  say_mentioned (meaning, said, SAID_SKILLS, VOCABULARY_SKILL, says->title);
  say_mentioned (meaning, said, SAID_SKILLS, VOCABULARY_SKILL, says->text);
  for (size_t i = 0; says->certificates && says->certificates[i]; i++)
    say_certificate (meaning, said, says->certificates[i]);
  say_legal (meaning, said);
}

void
meaning_of_post (Meaning *meaning, const Jobs *jobs, const JobsPost *post, Said *said)
{
  const JobsAdvertisement *says = &post->says;
  say_work (meaning, says, said);
  said->values[SAID_EDUCATION]
      = level_of (registry_entity_attribute (jobs->post, "education"), says->education);
  said->values[SAID_SKILL_LEVEL] = MARKET_NONE; /* advertisements do not ask for one */
  said->values[SAID_KIND] = level_of (registry_entity_attribute (jobs->post, "kind"), says->kind);
  said->values[SAID_PAY_TO] = says->pay_to ? says->pay_to : MARKET_NONE;
  said->values[SAID_PUBLISHED_ON] = civil_day_of (post->published_at);
  said->values[SAID_CLOSES_ON] = says->until;
  say_concept (said, SAID_TOWNSHIPS, texts_number (&meaning->townships, says->place));
}

/* ---- people ------------------------------------------------------------------------------------------ */

static void
say_fact (Meaning *meaning, const Jobs *jobs, const JobsFact *fact, Said *said)
{
  if (g_str_equal (fact->id, "certificates")) {
    say_certificate (meaning, said, fact->value);
    say_included (meaning, said);
  } else if (g_str_equal (fact->id, "education"))
    said->values[SAID_EDUCATION]
        = level_of (registry_entity_attribute (jobs->resident, "education"), fact->value);
  else if (g_str_equal (fact->id, "skill_level"))
    said->values[SAID_SKILL_LEVEL]
        = level_of (registry_entity_attribute (jobs->resident, "skill_level"), fact->value);
  else if (g_str_equal (fact->id, "occupation") || g_str_equal (fact->id, "skill_trade")
           || g_str_equal (fact->id, "work_history"))
    say_named (meaning, said, SAID_TRADES, VOCABULARY_OCCUPATION, fact->value);
}

void
meaning_of_seeker (Meaning *meaning, const Jobs *jobs, const JobsProfile *profile, const SeekerRecord *record,
                   Said *said)
{
  for (size_t i = 0; profile->occupations && profile->occupations[i]; i++)
    say_typed (meaning, said, profile->occupations[i]);
  for (size_t i = 0; profile->skills && profile->skills[i]; i++)
    say_named (meaning, said, SAID_SKILLS, VOCABULARY_SKILL, profile->skills[i]);
  say_mentioned (meaning, said, SAID_SKILLS, VOCABULARY_SKILL, profile->about);
  for (size_t i = 0; profile->places && profile->places[i]; i++)
    say_concept (said, SAID_TOWNSHIPS, texts_number (&meaning->townships, profile->places[i]));
  for (size_t i = 0; i < record->n_facts; i++)
    say_fact (meaning, jobs, &record->facts[i], said);
  if (record->home)
    say_concept (said, SAID_HOME, texts_number (&meaning->townships, record->home));
  said->values[SAID_BIRTH_DATE] = record->born;
  said->values[SAID_HARD_TO_EMPLOY] = record->hard_to_employ;
  said->values[SAID_PAY_FROM] = profile->pay_from ? profile->pay_from : MARKET_NONE;
}

void
meaning_every_certificate (const Meaning *meaning, Said *said)
{
  for (guint32 c = 0; c < meaning->certificates.first + meaning->certificates.texts->len; c++)
    say_concept (said, SAID_CERTIFICATES, c);
}
