/* Databases of a test on PostgreSQL. */
#pragma once

#include "support.h"

/* Drop those that belong to FOLDER. */
void databases_drop (const char *folder);
