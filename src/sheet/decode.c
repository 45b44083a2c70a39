/* A file's bytes become UTF-8, piece by piece.
 *
 * ASCII is the same in both encodings, so the choice waits for the first piece
 * with other bytes.  UTF-8 is nearly impossible to hit by chance; what is not
 * well-formed there is GB18030, unless it is mostly UTF-8 and damaged.  UTF-8 is
 * only checked, not copied; GB18030 goes through ICU's converter (GB 18030-2005),
 * which is told to stop at what it cannot read. */
#include "sheet/sheet_private.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

typedef enum { ENCODING_OPEN, ENCODING_UTF8, ENCODING_GB18030 } Encoding;

struct Decoder {
  Encoding encoding;
  bool begun;
  bool told;
  UConverter *converter; /* GB18030 */
  char kept[4];          /* UTF-8: the beginning of a character that the next piece ends */
  size_t n_kept;
  char *out;
  size_t size;
  UChar *units;
  size_t n_units;
};

enum { MARK = 3 /* bytes of the byte-order mark */ };

Decoder *
decoder_new (const char *encoding, GError **error)
{
  Encoding wanted = ENCODING_OPEN;
  if (encoding) {
    bool utf8 = !g_ascii_strcasecmp (encoding, "utf-8") || !g_ascii_strcasecmp (encoding, "utf8");
    bool gb = !g_ascii_strcasecmp (encoding, "gb18030") || !g_ascii_strcasecmp (encoding, "gbk")
              || !g_ascii_strcasecmp (encoding, "gb2312");
    if (!utf8 && !gb) {
      g_set_error (error, FAULT, FAULT_USAGE, "the encoding is utf-8 or gb18030, not \"%s\"", encoding);
      return NULL;
    }
    wanted = utf8 ? ENCODING_UTF8 : ENCODING_GB18030;
  }
  Decoder *d = g_new0 (Decoder, 1);
  d->encoding = wanted;
  d->told = encoding != NULL;
  return d;
}

void
decoder_free (Decoder *d)
{
  if (!d)
    return;
  if (d->converter)
    ucnv_close (d->converter);
  g_free (d->out);
  g_free (d->units);
  g_free (d);
}

static char *
reserve (Decoder *d, size_t size)
{
  if (d->size < size)
    d->out = g_realloc (d->out, d->size = size);
  return d->out;
}

/* Bytes at the end of TEXT that begin a character without ending it. */
static size_t
unfinished (Text text)
{
  for (size_t back = 1; back <= MIN (text.len, 3); back++) {
    unsigned char c = (unsigned char)text.bytes[text.len - back];
    if ((c & 0xC0) == 0x80)
      continue;
    size_t needs = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    return needs > back ? back : 0;
  }
  return 0;
}

static bool
is_ascii (const char *bytes, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if (bytes[i] & 0x80)
      return false;
  return true;
}

/* Whether most characters that are not ASCII are well-formed UTF-8: text in
 * another encoding breaks at nearly every one, damaged UTF-8 at a few. */
static bool
is_mostly_utf8 (Text text)
{
  size_t good = 0, bad = 0;
  while (text.len > 0) {
    size_t at = text.len;
    bool whole = text_is_utf8 (text, &at);
    for (size_t i = 0; i < at; i++)
      good += (unsigned char)text.bytes[i] >= 0xE0;
    if (whole)
      break;
    bad++;
    for (at++; at < text.len && ((unsigned char)text.bytes[at] & 0xC0) == 0x80;)
      at++;
    text = (Text){ text.bytes + at, text.len - at };
  }
  return good > 8 * bad;
}

static void
choose (Decoder *d, Text piece, bool last)
{
  if (is_ascii (piece.bytes, piece.len))
    return;
  piece.len -= last ? 0 : unfinished (piece);
  d->encoding = text_is_utf8 (piece, NULL) || is_mostly_utf8 (piece) ? ENCODING_UTF8 : ENCODING_GB18030;
}

/* ---- UTF-8 ------------------------------------------------------------- */

static bool
feed_utf8 (Decoder *d, Text piece, bool last, Text *text, const char **why)
{
  if (d->n_kept) { /* the piece follows the beginning of a character */
    char *joined = reserve (d, d->n_kept + piece.len);
    memcpy (joined, d->kept, d->n_kept);
    memcpy (joined + d->n_kept, piece.bytes, piece.len);
    piece = (Text){ joined, d->n_kept + piece.len };
  }
  size_t bad = 0, rest = last ? 0 : unfinished (piece);
  *text = (Text){ piece.bytes, piece.len - rest };
  memcpy (d->kept, piece.bytes + text->len, rest);
  d->n_kept = rest;
  if (text_is_utf8 (*text, &bad))
    return true;
  text->len = bad;
  if (text->bytes[bad] == '\0')
    *why = "a NUL byte: the file is UTF-16 or damaged; save it as CSV in UTF-8";
  else if (bad + unfinished ((Text){ piece.bytes, piece.len }) == piece.len)
    *why = "the file ends inside a character: it was cut off; fetch it again";
  else
    *why = d->told ? "a byte that is no UTF-8: the file is damaged, or in another encoding (gb18030?)"
                   : "a byte that is no UTF-8, where the text before it is: save the file anew as UTF-8";
  return false;
}

/* ---- GB18030 ----------------------------------------------------------- */

static bool
open_converter (Decoder *d)
{
  UErrorCode status = U_ZERO_ERROR;
  if (!d->converter) {
    d->converter = ucnv_open ("gb18030", &status);
    ucnv_setToUCallBack (d->converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
  }
  return U_SUCCESS (status);
}

/* The UTF-16 units of PIECE up to its end or its first fault. */
static UErrorCode
convert (Decoder *d, Text piece, bool last, size_t *n)
{
  UErrorCode status = U_ZERO_ERROR;
  if (d->n_units < piece.len + 16)
    d->units = g_renew (UChar, d->units, d->n_units = piece.len + 16);
  const char *from = piece.bytes;
  UChar *to = d->units;
  ucnv_toUnicode (d->converter, &to, d->units + d->n_units, &from, piece.bytes + piece.len, NULL, last,
                  &status);
  *n = (size_t)(to - d->units);
  return status;
}

static bool
feed_gb18030 (Decoder *d, Text piece, bool last, Text *text, const char **why)
{
  *text = (Text){ "", 0 };
  *why = "this system has no converter for GB18030: save the file as UTF-8";
  if (!open_converter (d))
    return false;
  size_t n = 0;
  UErrorCode status = convert (d, piece, last, &n), written = U_ZERO_ERROR;
  char *out = reserve (d, 3 * n + 1);
  int32_t len = 0;
  u_strToUTF8 (out, (int32_t)d->size, &len, d->units, (int32_t)n, &written);
  *text = (Text){ out, U_SUCCESS (written) ? (size_t)len : 0 };
  const char *nul = memchr (text->bytes, '\0', text->len);
  if (nul) {
    text->len = (size_t)(nul - text->bytes);
    *why = "a NUL byte: the file is UTF-16 or damaged; save it as CSV in UTF-8";
    return false;
  }
  if (U_SUCCESS (status) && U_SUCCESS (written))
    return true;
  *why = status == U_TRUNCATED_CHAR_FOUND ? "the file ends inside a character: it was cut off; fetch it again"
         : d->told ? "bytes that are no GB18030: the file is damaged, or in another encoding (utf-8?)"
                   : "bytes that are neither UTF-8 nor GB18030: save the file anew as UTF-8";
  return false;
}

bool
decoder_feed (Decoder *d, const char *bytes, size_t len, bool last, Text *text, const char **why)
{
  Text piece = { bytes, len };
  if (!d->begun && len >= MARK && memcmp (bytes, "\xEF\xBB\xBF", MARK) == 0) {
    piece = (Text){ bytes + MARK, len - MARK };
    if (!d->told)
      d->encoding = ENCODING_UTF8;
  }
  d->begun |= len > 0;
  if (d->encoding == ENCODING_OPEN)
    choose (d, piece, last);
  return d->encoding == ENCODING_GB18030 ? feed_gb18030 (d, piece, last, text, why)
                                         : feed_utf8 (d, piece, last, text, why);
}
