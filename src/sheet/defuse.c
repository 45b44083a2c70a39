/* Formulas: which texts a spreadsheet would compute when it opens a CSV file.
 * OWASP, "CSV injection": = + - @ tab, return and line feed at the beginning, and
 * the full-width forms of the signs.  Apostrophes before such a sign are counted
 * in, so that writing (one more) and reading (one less) undo each other. */
#include "sheet/sheet_private.h"

bool
text_is_formula_like (Text text)
{
  size_t i = 0;
  while (i < text.len && text.bytes[i] == '\'')
    i++;
  if (i == text.len)
    return false;
  if (memchr ("=+-@\t\r\n", text.bytes[i], 7))
    return true;
  Text rest = { text.bytes + i, text.len - i };
  return text_starts_with (rest, "＝") || text_starts_with (rest, "＋") || text_starts_with (rest, "－")
         || text_starts_with (rest, "＠");
}
