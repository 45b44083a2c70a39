#include "reading.h"

/* The kind of pair a character opens (positive) or closes (negative).  Widths
 * mix in practice, so that （…) is a pair. */
enum {
  PAIR_NONE,
  PAIR_ROUND,
  PAIR_SQUARE,
  PAIR_TITLE,
  PAIR_NAME,
  PAIR_DOUBLE,
  PAIR_SINGLE,
  PAIR_ASCII,
  PAIR_KINDS
};

static int
pair_kind (gunichar c)
{
  switch (c) {
  case U'（':
  case U'(': return PAIR_ROUND;
  case U'）':
  case U')': return -PAIR_ROUND;
  case U'〔':
  case U'［':
  case U'[':
  case U'【': return PAIR_SQUARE;
  case U'〕':
  case U'］':
  case U']':
  case U'】': return -PAIR_SQUARE;
  case U'《': return PAIR_TITLE;
  case U'》': return -PAIR_TITLE;
  case U'〈': return PAIR_NAME;
  case U'〉': return -PAIR_NAME;
  case U'“': return PAIR_DOUBLE;
  case U'”': return -PAIR_DOUBLE;
  case U'‘': return PAIR_SINGLE;
  case U'’': return -PAIR_SINGLE;
  case U'"': return PAIR_ASCII;
  default: return PAIR_NONE;
  }
}

bool
char_is_bracket (gunichar c)
{
  int kind = pair_kind (c);
  return kind == PAIR_ROUND || kind == PAIR_SQUARE;
}

typedef struct {
  int kind;
  guint32 at;
} Open;

/* Forget what is open; at the end of a paragraph and for the kinds inside a
 * pair that closes around them. */
static void
opens_cut (GArray *opens, guint length, guint count[PAIR_KINDS])
{
  for (guint k = length; k < opens->len; k++)
    count[g_array_index (opens, Open, k).kind]--;
  g_array_set_size (opens, length);
}

static void
opens_close (GArray *opens, int kind, size_t at, guint32 *partner, guint count[PAIR_KINDS])
{
  guint k = opens->len;
  while (g_array_index (opens, Open, k - 1).kind != kind)
    k--;
  partner[g_array_index (opens, Open, k - 1).at] = (guint32)at;
  opens_cut (opens, k - 1, count);
}

Pairs
pairs_of (Arena *arena, Text text)
{
  g_assert (text.len < G_MAXUINT32);
  Pairs pairs = { text, arena_new0 (arena, guint32, text.len + 1) };
  g_autoptr (GArray) opens = g_array_new (FALSE, FALSE, sizeof (Open));
  guint count[PAIR_KINDS] = { 0 };
  for (size_t i = 0; i < text.len; i = char_next (text, i)) {
    gunichar c = char_at (text, i);
    int kind = pair_kind (c);
    if (c == '\n')
      opens_cut (opens, 0, count);
    else if (kind == PAIR_ASCII)
      kind = count[PAIR_ASCII] ? -PAIR_ASCII : PAIR_ASCII;
    if (kind > 0) {
      Open open = { kind, (guint32)i };
      g_array_append_val (opens, open);
      count[kind]++;
    } else if (kind < 0 && count[-kind])
      opens_close (opens, -kind, i, pairs.partner, count);
  }
  return pairs;
}

size_t
pairs_skip (const Pairs *pairs, size_t i)
{
  size_t partner = pairs->partner[i];
  return char_next (pairs->text, partner ? partner : i);
}

int
pairs_depth (Text line)
{
  int depth = 0;
  for (size_t i = 0; i < line.len; i = char_next (line, i)) {
    int kind = pair_kind (char_at (line, i));
    depth += kind == PAIR_NONE || kind == PAIR_ASCII ? 0 : kind > 0 ? 1 : -1;
  }
  return depth;
}

static bool
is_separator (Text text, size_t i)
{
  gunichar c = char_at (text, i);
  if (c == ',' && i > 0 && g_ascii_isdigit (text.bytes[i - 1]) && i + 1 < text.len)
    return !g_ascii_isdigit (text.bytes[i + 1]);
  return c == U'、' || c == U'，' || c == ',' || c == U'；' || c == ';';
}

GArray *
pieces_of (Arena *arena, Text text)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  Pairs pairs = pairs_of (arena, text);
  size_t from = 0;
  gunichar separator = 0;
  for (size_t i = 0; i <= text.len; i = i < text.len ? pairs_skip (&pairs, i) : i + 1) {
    if (i < text.len && !is_separator (text, i))
      continue;
    Piece piece = { text_trim (text_slice (text, from, i)), separator };
    if (piece.text.len)
      g_array_append_val (pieces, piece);
    separator = char_at (text, i);
    from = char_next (text, i);
  }
  return pieces;
}
