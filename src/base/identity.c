#include "identity.h"

/* 0-9 and A-Z as 0–35, -1 for anything else. */
static int
value36 (char c)
{
  if (g_ascii_isdigit (c))
    return c - '0';
  return g_ascii_isupper (c) ? c - 'A' + 10 : -1;
}

static bool
all_digits (Text text, size_t from, size_t n)
{
  for (size_t i = from; i < from + n; i++)
    if (!g_ascii_isdigit (text.bytes[i]))
      return false;
  return true;
}

static int
number_at (Text text, size_t from, size_t n)
{
  int value = 0;
  for (size_t i = from; i < from + n; i++)
    value = value * 10 + (text.bytes[i] - '0');
  return value;
}

static IdentityVerdict
verdict (IdentityVerdict v, const char *sentence, const char **reason)
{
  if (reason)
    *reason = sentence;
  return v;
}

/* GB/T 2260: the first two digits name a province, a municipality or a region;
 * 83 stands on residence permits of people from Taiwan. */
static bool
is_province (int code)
{
  static const char last_of_group[] = { 0, 5, 3, 7, 6, 4, 5, 1, 3, 0 };
  return code % 10 >= 1 && code % 10 <= last_of_group[code / 10];
}

/* GB 11643-1999 with ISO 7064 MOD 11-2. */
char
identity_citizen_check (const char *digits17)
{
  static const int weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  int sum = 0;
  for (int i = 0; i < 17; i++)
    sum += (digits17[i] - '0') * weights[i];
  return "10X98765432"[sum % 11];
}

IdentityVerdict
identity_check_citizen (Text number, Day *birth, bool *male, const char **reason)
{
  if (number.len != 18)
    return verdict (IDENTITY_BAD, "a citizen number has 18 characters", reason);
  if (!all_digits (number, 0, 17))
    return verdict (IDENTITY_BAD, "the first 17 characters of a citizen number are digits", reason);
  if (!is_province (number_at (number, 0, 2)))
    return verdict (IDENTITY_BAD, "no province has these first two digits", reason);
  int year = number_at (number, 6, 4), month = number_at (number, 10, 2), day = number_at (number, 12, 2);
  if (year < 1800 || !civil_is_valid (year, month, day))
    return verdict (IDENTITY_BAD, "digits 7 to 14 are not a date of birth", reason);
  if (number.bytes[17] == 'x')
    return verdict (IDENTITY_BAD, "the check character is written as a capital X", reason);
  if (number.bytes[17] != identity_citizen_check (number.bytes))
    return verdict (IDENTITY_BAD, "the check character differs: a digit is wrong or swapped", reason);
  if (birth)
    *birth = civil_to_day (year, month, day);
  if (male)
    *male = (number.bytes[16] - '0') % 2 == 1;
  return verdict (IDENTITY_OK, NULL, reason);
}

static const char credit_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* GB 32100-2015, appendix: weights are powers of 3 modulo 31. */
char
identity_credit_check (const char *chars17)
{
  int sum = 0, weight = 1;
  for (int i = 0; i < 17; i++, weight = weight * 3 % 31) {
    const char *at = chars17[i] ? strchr (credit_alphabet, chars17[i]) : NULL;
    if (!at)
      return 0;
    sum += (int)(at - credit_alphabet) * weight;
  }
  return credit_alphabet[(31 - sum % 31) % 31];
}

/* GB 11714-1997: letters count from A = 10. */
char
identity_organisation_check (const char *chars8)
{
  static const int weights[8] = { 3, 7, 9, 10, 5, 8, 4, 2 };
  int sum = 0;
  for (int i = 0; i < 8; i++) {
    int value = value36 (chars8[i]);
    if (value < 0)
      return 0;
    sum += value * weights[i];
  }
  return "0X987654321"[sum % 11];
}

IdentityVerdict
identity_check_credit (Text code, const char **reason)
{
  if (code.len != 18)
    return verdict (IDENTITY_BAD, "a credit code has 18 characters", reason);
  char check = identity_credit_check (code.bytes);
  if (!check || !code.bytes[17] || !strchr (credit_alphabet, code.bytes[17]))
    return verdict (IDENTITY_BAD, "a credit code has digits and capitals without I, O, S, V, Z", reason);
  if (!all_digits (code, 2, 6) || !is_province (number_at (code, 2, 2)))
    return verdict (IDENTITY_BAD, "characters 3 to 8 of a credit code are a division code", reason);
  if (code.bytes[16] != identity_organisation_check (code.bytes + 8))
    return verdict (IDENTITY_WARNING, "the check of the organisation code inside (character 17) differs",
                    reason);
  if (code.bytes[17] != check)
    return verdict (IDENTITY_WARNING, "the check character (the last) differs", reason);
  return verdict (IDENTITY_OK, NULL, reason);
}

/* LEVEL is that of the last part that is not zero.  A city without counties
 * (441900) has townships directly below it. */
static const char *
division_problem (Text code, int *level)
{
  if (code.len != 6 && code.len != 9 && code.len != 12)
    return "a division code has 6, 9 or 12 digits";
  if (!all_digits (code, 0, code.len))
    return "a division code has digits only";
  if (!is_province (number_at (code, 0, 2)))
    return "no province has these first two digits";
  int city = number_at (code, 2, 2), county = number_at (code, 4, 2);
  int town = code.len > 6 ? number_at (code, 6, 3) : 0, village = code.len > 9 ? number_at (code, 9, 3) : 0;
  if ((!city && (county || town)) || (!town && village))
    return "a level above the last one of this division code is zero";
  *level = village ? 5 : town ? 4 : county ? 3 : city ? 2 : 1;
  return NULL;
}

bool
identity_check_division (Text code, int *level, const char **reason)
{
  int found = 0;
  const char *problem = division_problem (code, &found);
  if (reason)
    *reason = problem;
  if (!problem && level)
    *level = found;
  return !problem;
}

DivisionKind
identity_division_kind (Text code9)
{
  int level;
  if (code9.len < 9 || !identity_check_division (code9, &level, NULL) || level < 4)
    return DIVISION_OTHER;
  int town = number_at (code9, 6, 3);
  return town < 100   ? DIVISION_STREET
         : town < 200 ? DIVISION_TOWN
         : town < 400 ? DIVISION_TOWNSHIP
                      : DIVISION_OTHER;
}
