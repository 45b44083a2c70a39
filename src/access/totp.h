/* Codes by time: RFC 6238 over RFC 4226. */
#pragma once

#include "base/base.h"

enum { TOTP_SECRET_BYTES = 20, TOTP_DIGITS = 6, TOTP_SECONDS = 30 };

/* The step that AT (UTC seconds) falls into. */
gint64 totp_step (gint64 at);
/* The code of STEP with DIGITS (6 to 8), into CODE of at least DIGITS + 1 bytes. */
void totp_code (const unsigned char *secret, size_t len, gint64 step, int digits, char *code);
/* The step whose code CODE is, among those one before and after AT that come after LAST (the
 * last step used: a code counts once, RFC 6238 section 5.2); 0 when there is none. */
gint64 totp_match (const unsigned char *secret, size_t len, gint64 at, gint64 last, const char *code);
/* RFC 4648, section 6, without padding. */
char *totp_base32 (Arena *arena, const unsigned char *bytes, size_t len);
