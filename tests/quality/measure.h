/* measure — means over the searches of one half: 0 for tuning, 1 for the report. */
#pragma once

#include "ours.h"

enum { QUALITY_WORDS = 8 }; /* points for what was typed */

typedef struct {
  size_t n;                   /* searches for which there is something */
  double ndcg, work;          /* as it is shown, by both judges */
  double lawful, lawful_work; /* without what the person may not hold */
  double unlawful;            /* share of the first QUALITY_TOP that the person may not hold */
  size_t shown,
      explained; /* of OURS: what is shown, and of it with an explanation that adds up and says qualified */
} QualityMeasure;

QualityMeasure quality_measure (const Quality *quality, Rankers *rankers, Ranker rank, size_t half);
/* RANK: ours_rank or ours_list. */
typedef size_t (*OursRanker) (Ours *ours, size_t search, OursShown shown[QUALITY_KEPT]);
QualityMeasure quality_measure_ours (const Quality *quality, Ours *ours, OursRanker rank, size_t half);

/* The county's market of jobs; POLICY is the package's folder.  In ARENA, resting on *SCHEMA, which is the
 * caller's; NULL with a fault of reading either. */
const Market *quality_market (const char *policy, Arena *arena, RegistrySchema **schema, GError **error);
/* The county's words of work; free with vocabulary_free. */
Vocabulary *quality_vocabulary (const char *policy, GError **error);
