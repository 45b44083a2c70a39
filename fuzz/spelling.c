/* Any name: its units put together are what folding gives, folding it again
 * changes nothing, and patterns spell what was typed. */
#include "base/base.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static char split[SPELLING_SIZE], once[SPELLING_SIZE], twice[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  SpellingPattern patterns[SPELLING_PATTERNS_MAX];
  Text name = { (const char *)data, size };
  Text folded = spelling_fold (name, once);
  g_assert (text_is_utf8 (folded, NULL) && text_equal (folded, spelling_fold (folded, twice)));
  size_t n = spelling_split (name, split, units), at = 0;
  for (size_t i = 0; i < n; i++) {
    g_assert (at + units[i].text.len <= folded.len);
    g_assert (memcmp (folded.bytes + at, units[i].text.bytes, units[i].text.len) == 0);
    at += units[i].text.len;
    for (size_t k = 0; k < units[i].n; k++)
      g_assert (units[i].readings[k].letters.len > 0);
  }
  size_t n_patterns = spelling_patterns (folded, patterns);
  for (size_t i = 0; i < n_patterns; i++)
    g_assert (patterns[i].n >= 2 && patterns[i].n <= SPELLING_PIECES_MAX
              && patterns[i].pieces[0].initial == folded.bytes[0]);
  return 0;
}
