#pragma once

#include "web/models.h"

/* Fills the trees of ANSWER, whether and how much, and its remaining steps, nearest first. */
void reasons_grow (Arena *arena, SubjectAnswer *answer);
