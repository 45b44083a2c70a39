/* Problems: what stands against something, as the faults of modules say it, in the reader's language.
 *
 * Faults are English sentences, which commands and programs show as they are.  Pages in Chinese show them in
 * Chinese: a table of sentences, in which * stands for what is filled in. */
#pragma once

#include "base/base.h"

/* MESSAGE in Chinese, in ARENA; NULL where the table has no such sentence. */
const char *problem_zh (Arena *arena, const char *message);
