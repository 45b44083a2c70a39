/* What the reserves of a round did: its transcript's draw again, with every slot open to all. */
#include "draws/draws_private.h"

const DrawsEffect *
draws_effect (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n, GError **error)
{
  const char *text = draws_transcript (draws, arena, who, round, error);
  AllocationTranscript transcript;
  *n = 0;
  if (!text || !allocation_transcript_read (arena, text_of (text), "transcript", &transcript, error))
    return NULL;
  const AllocationSpec *spec = transcript.spec;
  AllocationProblem problem = allocation_spec_problem (spec, arena, transcript.outcome.tickets);
  AllocationResult result
      = { .unit_of = transcript.outcome.unit_of, .slots_of = transcript.outcome.slots_of };
  const AllocationEffect *effect = allocation_effect (&problem, &result, arena, error);
  if (!effect)
    return NULL;
  DrawsEffect *groups = arena_new0 (arena, DrawsEffect, spec->n_traits + 1);
  groups[0] = (DrawsEffect){ NULL, effect->everybody };
  for (size_t t = 0; t < spec->n_traits; t++)
    groups[t + 1] = (DrawsEffect){ spec->traits[t], effect->of[t] };
  *n = spec->n_traits ? spec->n_traits + 1 : 0;
  return groups;
}
