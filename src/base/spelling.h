/* Spelling: how names are written and said, for finding them.
 *
 * A name is split into units: a Chinese character, or a run of other letters and
 * digits ("2", "maria").  Units are folded, so that what people type finds what
 * was recorded: full-width and capital letters, traditional characters, accents
 * and tone marks make no difference, and neither do blanks and punctuation.
 *
 * A character has one or several readings, Mandarin syllables without tone, ü
 * written u (so is a v that is typed for it).  The first character of a name is
 * read as a surname as well: 单 as shan and dan.  Where the readings come from:
 * readings.txt. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include "text.h"

enum {
  SPELLING_UNITS_MAX = 32, /* of a name; what follows is left out */
  SPELLING_SIZE = 512,     /* bytes for a folded name */
  SPELLING_READINGS_MAX = 5,
  SPELLING_PIECES_MAX = 8,
  SPELLING_PATTERNS_MAX = 32,
  SPELLING_FOLDED_MAX = 64,
};

/* Syllables that begin with one letter are numbered in alphabetical order by a
 * character, their mark, so that those which begin alike are a range of marks.
 * Marks lie between the digits and the small letters in ASCII. */
enum { SPELLING_MARK_NONE = ':', SPELLING_MARK_FIRST = ';', SPELLING_MARK_LAST = '`' };

typedef struct {
  Text letters;
  char mark; /* SPELLING_MARK_NONE: no syllable but letters and digits as they are */
} SpellingReading;

typedef struct {
  Text text; /* folded */
  size_t n;  /* 0: a character whose reading nobody knows */
  SpellingReading readings[SPELLING_READINGS_MAX];
} SpellingUnit;

/* The units of NAME, folded into BUFFER, which must live as long as they do. */
size_t spelling_split (Text name, char buffer[SPELLING_SIZE], SpellingUnit units[SPELLING_UNITS_MAX]);
/* TEXT folded, without blanks between its units: what was typed into a search. */
Text spelling_fold (Text text, char buffer[SPELLING_SIZE]);
bool spelling_is_chinese (Text folded);       /* holds a Chinese character */
bool spelling_is_character (gunichar folded); /* is one */

/* What one character C is folded to, for texts longer than names: letters, digits and Chinese
 * characters into FOLDED, ' ' there for what separates; returns how many, 0 for an accent. */
size_t spelling_fold_one (gunichar c, gunichar folded[SPELLING_FOLDED_MAX]);

/* What "cyy" or "chenyy" may stand for: a syllable for each piece, of which the
 * first letter and a range of marks are known. */
typedef struct {
  size_t n;
  struct SpellingPiece {
    char initial, from, to; /* FROM is SPELLING_MARK_NONE when the letter alone was given */
  } pieces[SPELLING_PIECES_MAX];
} SpellingPattern;

/* The ways to read LETTERS (a–z) as syllables of which at least one before the
 * last is shortened to its first letter, or zh, ch, sh; the last may be broken
 * off anywhere.  At most SPELLING_PIECES_MAX syllables.  Full syllables alone,
 * as in "chenyi", are no pattern: they are found by their letters. */
size_t spelling_patterns (Text letters, SpellingPattern patterns[SPELLING_PATTERNS_MAX]);

/* Changes when any reading does: keys made of readings must then be made again. */
const char *spelling_version (void);
