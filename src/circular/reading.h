/* reading — what the stages of circular/ share: characters, pairs of brackets,
 * paragraphs, headings.  Private to the module.
 *
 * The stages, in order: layout (lines → paragraphs), head (the blocks around the
 * body), structure (sections, clauses), and inside a clause units, figures,
 * actions. */
#pragma once

#include "circular/circular.h"

/* --- chars.c: characters and words ------------------------------------- */

/* Words: NULL-terminated lists of UTF-8 literals. */
typedef const char *const Words[];

static inline Text
text_slice (Text text, size_t from, size_t to)
{
  return (Text){ text.bytes + from, to - from };
}

/* The character at byte I, 0 at the end; where the next one and the one before begin. */
gunichar char_at (Text text, size_t i);
size_t char_next (Text text, size_t i);
size_t char_previous (Text text, size_t i);
/* The last character, 0 when empty. */
gunichar char_last (Text text);
/* Han, kana, CJK punctuation, full-width forms (Unicode UAX 11: W and F). */
bool char_is_wide (gunichar c);
/* 〇零一二三四五六七八九十百千万亿两 */
bool char_is_numeral (gunichar c);
/* 。！？；： and their half-width forms. */
bool char_ends_sentence (gunichar c);

/* Whether WORD stands at byte I; the length of the longest of WORDS there, or 0. */
bool word_at (Text text, size_t i, const char *word);
size_t words_at (Text text, size_t i, Words words);
bool word_in (Text text, const char *word);
bool words_in (Text text, Words words);
bool words_end (Text text, Words words);
/* Columns on a terminal. */
int text_columns (Text text);

/* The date that TEXT opens with, 2021年9月30日 or 二〇二一年九月三十日, as ISO 8601 in
 * BUFFER (CIRCULAR_DATE bytes); the bytes it takes, or 0. */
enum { CIRCULAR_DATE = 16 };
size_t date_at (Text text, size_t i, char *buffer);

/* --- pairs.c: brackets and quotation marks ------------------------------ */

/* For every opening bracket or quotation mark that is closed in its own
 * paragraph, the byte where its partner stands.  One pass; the unbalanced are
 * left out. */
typedef struct {
  Text text;
  guint32 *partner; /* by byte; 0 where nothing opens */
} Pairs;

Pairs pairs_of (Arena *arena, Text text);
/* The byte after the pair that opens at I, or after the character there. */
size_t pairs_skip (const Pairs *pairs, size_t i);
bool char_is_bracket (gunichar c); /* an opening ( （ [ ［ 〔 【 */
/* Net opening of brackets in LINE, for joining lines. */
int pairs_depth (Text line);

/* Split at any of the separators 、，,；; outside pairs; trimmed, no empty ones. */
typedef struct {
  Text text;
  gunichar separator; /* what stood before it, 0 for the first */
} Piece;
GArray *pieces_of (Arena *arena, Text text);

/* --- layout.c ------------------------------------------------------------ */

typedef enum {
  LEVEL_NONE,
  LEVEL_CHAPTER, /* 第一章, 第一部分 */
  LEVEL_PART,    /* 第一节 */
  LEVEL_ARTICLE, /* 第一条 */
  LEVEL_FIRST,   /* 一、 */
  LEVEL_SECOND,  /* （一） */
  LEVEL_THIRD,   /* 1. */
  LEVEL_COUNT,
} Level;

typedef struct {
  Level level;
  unsigned number;
  Text label;  /* 一, 第一条 */
  size_t rest; /* where the text after it begins */
} Heading;

typedef struct {
  Text text;
  unsigned line; /* where it begins, from 1 */
  Heading heading;
  bool taken; /* a block around the body has it */
} Paragraph;

/* What LINE opens with; LEVEL_NONE when it is no heading. */
Heading heading_of (Text line);
/* 责任单位： and the like at byte I: its bytes, or 0; OFFICE gets 责任, 牵头 … */
size_t units_label_at (Text text, size_t i, Text *office);
size_t other_label_at (Text text, size_t i);
/* 附件2, alone above what it is. */
bool is_annex_mark (Text line);
/* An array of Paragraph, their text in ARENA; free with g_array_unref, as every
 * array below. */
GArray *layout_paragraphs (Arena *arena, Text text);

/* --- head.c --------------------------------------------------------------- */

/* Reads the blocks around the body into CIRCULAR; gives the paragraphs of the
 * body in BODY (from, to) and whether anything spoke for an official document. */
typedef struct {
  guint from, to;
} Span;
bool head_read (Circular *circular, GArray *paragraphs, Span *body);
/* The document number that stands at I, normalised in BUFFER (CIRCULAR_NUMBER
 * bytes); the bytes it takes, or 0. */
enum { CIRCULAR_NUMBER = 128 };
size_t document_number_at (Text text, size_t i, char *buffer);
/* Whether TEXT is named as an office or a place of one: …局, …委员会, …乡镇. */
bool is_body_name (Text text);
/* Whether LINE is the document number, with or without 签发人 (7.2.6) after it. */
bool is_number_line (Text line);
/* "发文字号：" and its like, which pages on the web put above a document: the bytes
 * of the label, or 0. */
size_t page_label_at (Text line);
/* Whether TEXT ends with a kind of document: …的通知, …办法（试行）. */
bool is_document_title (Text text);
/* After the structure: an order (令) takes the name of what it puts into force. */
void head_order (Circular *circular);
/* The bodies named in TEXT: pieces, but "各省、自治区、直辖市人民政府" is one. */
GArray *bodies_of (Arena *arena, Text text);
/* The same as strings. */
const char *const *head_bodies (Arena *arena, Text text, size_t *n);

/* --- structure.c ---------------------------------------------------------- */

void structure_read (Circular *circular, GArray *paragraphs, Span body);

/* --- units.c -------------------------------------------------------------- */

/* What a document has bound to every clause so far. */
typedef struct {
  GPtrArray *names; /* const char * */
  Text place;       /* 闽侯: names that open with it carry their own level */
} Inheritance;

/* A note as found: bytes of the text it covers. */
typedef struct {
  size_t from, to;
  unsigned part; /* from 1; notes side by side are one */
} NoteSpan;

/* Every unit note of TEXT, in order (array of NoteSpan). */
GArray *units_notes (Arena *arena, const Pairs *pairs);
/* NAME without its office: 教育部 of "教育部等有关部门按职责分工负责". */
Text units_bare_name (Text name);
/* Whether TEXT holds one, and whether it opens with it. */
bool units_noted (Arena *arena, Text text, bool *first);
/* The units of the notes, and what they bind later clauses to. */
const CircularUnit *units_read (Arena *arena, Text text, GArray *notes, Inheritance *inheritance, size_t *n);
/* Units of "由A牵头，B配合" and "由A会同B负责" in running text. */
const CircularUnit *units_in_sentence (Arena *arena, const Pairs *pairs, Inheritance *inheritance, size_t *n);

/* --- figures.c ------------------------------------------------------------- */

typedef struct {
  CircularFigure figure;
  size_t at; /* the byte of its number */
} FigureFound;

/* Array of FigureFound. */
GArray *figures_read (Arena *arena, const Pairs *pairs);

/* --- actions.c -------------------------------------------------------------- */

typedef struct {
  CircularAction action;
  size_t from, to;
} ActionFound;

/* Array of ActionFound: sentences with their strength. */
GArray *actions_read (Arena *arena, const Pairs *pairs);

/* --- rows.c: the task table -------------------------------------------------- */

typedef struct {
  const char *section, *clause, *title, *action, *strength, *lead, *supporting, *inherited, *figures;
} TaskRow;

enum { TASK_COLUMNS = 8 };
extern const char *const task_headings[TASK_COLUMNS];
/* Array of TaskRow in ARENA. */
GArray *task_rows (Arena *arena, const Circular *circular);
/* Supporting and inherited units share a cell. */
const char *task_cell (Arena *arena, const TaskRow *row, int column);
/* A figure for people: "≤ 0.5个工作日". */
const char *task_figure (Arena *arena, const CircularFigure *figure);
