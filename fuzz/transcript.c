/* Any bytes, as a transcript: reading ends, checking ends at the first fault, and what reads can be written, run and
 * certified. */
#include "allocation/allocation.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
run (Arena *arena, const AllocationTranscript *transcript)
{
  g_autoptr (GError) error = NULL, broken = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  allocation_problem_text (transcript->spec, text);
  AllocationProblem problem = allocation_spec_problem (transcript->spec, arena, transcript->outcome.tickets);
  const AllocationResult *result = allocation_run (&problem, arena, &error);
  g_assert (!result == (error != NULL));
  g_assert (!result || allocation_certify (&problem, result->unit_of, result->slots_of, NULL, &broken));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  Text text = { (const char *)data, size };
  AllocationTranscript transcript = { 0 };
  size_t n;
  if (allocation_transcript_read (arena, text, "fuzz", &transcript, &error))
    run (arena, &transcript);
  const AllocationCheck *checks = allocation_verify (arena, text, "fuzz", NULL, &n);
  for (size_t i = 0; i + 1 < n; i++)
    g_assert (!checks[i].fault);
  return 0;
}
