/* A row's answer, conditions and needs as a program tells them, beside dmn_run's. */
#pragma once

#include "columns/columns.h"

/* Answer DECISION of row I of a chunk, as FEEL; an unknown names nothing. */
FeelValue compare_answer (const ColumnsProgram *program, size_t decision, const ColumnsAnswer *answer,
                          size_t i, Arena *arena);
bool compare_same (Arena *arena, FeelValue a, FeelValue b);

DmnStatus compare_status (const ColumnsReasons *reasons, size_t rule, size_t input, size_t i);

/* How often the lists of what is missing were the same, and how often there was one. */
typedef struct {
  size_t same, all;
} CompareNeeds;
/* What is wrong with the needs told for a row that dmn says is EXPECTED, NULL when nothing is: each of
 * dmn's must be told, and none where the answer is known. */
const char *compare_needs (const ColumnsProgram *program, size_t decision, const ColumnsAnswer *answer,
                           size_t i, FeelValue expected, Arena *arena, CompareNeeds *count);
