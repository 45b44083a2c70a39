/* base — the ground everything stands on.
 *
 * Arenas, UTF-8 text, decimal numbers, exact JSON, civil dates, the working-day
 * calendar of the State Council, the identity codes printed on Chinese
 * documents, and how names are spelt.  Nothing here knows what a clause, a fact or a resident is.
 *
 * What it promises
 *   - Numbers are exact.  A decimal read from text prints back to the same
 *     value; no binary floating point is used for anything a person is paid.
 *   - Text is UTF-8 and is checked at the border, once.
 *   - A question the data cannot answer is answered "cannot be answered": a
 *     date beyond the published holiday calendar is never guessed.
 *   - No state is shared: functions may be called from any thread, as long as
 *     one arena, one writer, one string is used by one thread at a time.
 *
 * What it refuses
 *   - To recover from an exhausted heap: GLib and the arena end the process,
 *     and what was acknowledged is in the store.
 *
 * How a call goes
 *
 *     Arena *arena = arena_new ();
 *     Text name = text_of ("闽侯县");
 *     char *copy = arena_text (arena, name);      // lives as long as the arena
 *     arena_free (arena);
 *
 * This header gathers the parts; other modules include this one only.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "text.h"
#include "decimal.h"
#include "digest.h"
#include "json.h"
#include "civil.h"
#include "workdays.h"
#include "identity.h"
#include "spelling.h"
#include "fault.h"
#include "yaml_file.h"
#include "html.h"
#include "ticker.h"
