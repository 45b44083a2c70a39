/* The words of work found the plain way, as vocabulary_find says it: at each character every word is tried.
 */
#pragma once

#include "vocabulary/vocabulary.h"

typedef struct Plain Plain;
Plain *plain_new (const Vocabulary *vocabulary); /* which must outlive it */
void plain_free (Plain *plain);
/* A GArray of VocabularyMention, the caller's. */
GArray *plain_find (const Plain *plain, Text text);
/* Whether vocabulary_find answers so for TEXT. */
bool plain_agrees (const Plain *plain, const Vocabulary *vocabulary, Text text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Plain, plain_free)
