/* Identity: the codes on cards, licences and seals, checked by their standards. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include "civil.h"
#include "text.h"

typedef enum {
  IDENTITY_OK,
  IDENTITY_WARNING, /* well-formed, the check character differs: see the reason */
  IDENTITY_BAD,     /* cannot be such a code */
} IdentityVerdict;

/* Citizen ID number, GB 11643-1999: 6 region, 8 birth date, 3 order, check.
 * A wrong check character is IDENTITY_BAD.  BIRTH and MALE (may be NULL) are
 * read from the number.  REASON (may be NULL) gets a static English sentence. */
IdentityVerdict identity_check_citizen (Text number, Day *birth, bool *male, const char **reason);
/* The check character for the first 17 digits. */
char identity_citizen_check (const char *digits17);

/* Unified social credit code, GB 32100-2015, with the GB 11714 check inside.
 * A failed check is a warning: codes issued by early pilots (Fujian 2015) fail
 * it and are legal. */
IdentityVerdict identity_check_credit (Text code, const char **reason);
/* The check character of the first 17 characters, 0 when one is not allowed. */
char identity_credit_check (const char *chars17);
/* The GB 11714 check of an 8-character organisation code. */
char identity_organisation_check (const char *chars8);

/* Division codes, GB/T 2260 and GB/T 10114: 6 digits county, 9 township, 12
 * village.  LEVEL: 1 province, 2 city, 3 county, 4 township, 5 village. */
bool identity_check_division (Text code, int *level, const char **reason);
/* Kind of a 9-digit township code: 001–099 street, 100–199 town, 200–399
 * township, 400–599 other statistical unit. */
typedef enum { DIVISION_STREET, DIVISION_TOWN, DIVISION_TOWNSHIP, DIVISION_OTHER } DivisionKind;
DivisionKind identity_division_kind (Text code9);
