/* circular — an official document becomes a task table.
 *
 * Chinese government offices issue documents in one genre (GB/T 9704-2012,
 * Layout key for official document of Party and government organs): document
 * number, title, addressees, body, annex note, signature, date, notes, copies,
 * print line.  This module reads such a text and answers who has to do what,
 * how strictly, and with which figures.
 *
 * What it promises
 *   - Layout is undone first.  Lines may be broken anywhere, pages numbered,
 *     names torn by blanks, brackets of any width and nested: what is read are
 *     logical paragraphs.  Blanks between Chinese characters go, blanks between
 *     Latin words stay.
 *   - Sections and clauses.  The levels are 第N章, 第N条, 一、, （一）, "1.".
 *     A clause is the deepest level that carries responsible units; where no
 *     level carries any, it is the article, or the level below the section.  So
 *     where "1." runs under （一） under 二、 and every "1." names its units, 二、
 *     is the section, "1." the clause, and the title of （一） the clause's group.
 *     An （一） without such items is itself the clause.  A document that has only
 *     one level has one section without number and title.  What a section says
 *     before or without clauses is its body, read like a clause without number.
 *     A table of contents before the body is passed over.
 *   - Titles.  A clause's title ends at its first 。 or is a line of its own; an
 *     article has none.  A title that is the clause's only sentence is also its
 *     task.
 *   - Actions.  One per sentence (。！？ outside brackets and quotation marks); the title
 *     of an item inside a clause ("1.规范标识。") is none, an enumeration after ： is one.
 *     Its strength is that of its governing verb: the first phrase that is not a
 *     condition ("对…的，", "到2027年，", "按照…，") and opens with a verb or holds a modal.
 *     鼓励 支持 引导 倡导: encouraged; 探索 试行 试点: pilot; 可 可以 允许: permitted;
 *     配合 争取 协助: assisting; 应 须 要 不得, any imperative, and everything else:
 *     binding.  A later phrase that opens with a verb of another strength does not
 *     split the action; the action then lists its parts, so that what is only
 *     encouraged is never taken for a duty, nor the other way about.
 *   - Units.  The first unit of a note is its lead; a level prefix reaches the
 *     names after it ("县人社局、教育局"), a Party prefix only Party bodies
 *     ("县委组织部，县人社局、财政局"); a company, a branch of a national body, a
 *     place of its own ("甘蔗街道办事处") and every 各… keep their names.  Notes stand
 *     in brackets or on lines of their own; a clause may have several, and each
 *     governs the text before it (its part), its first unit leading that part.
 *     Deadlines and persons in a note (完成时限：, 责任领导：) are no units.  Without a
 *     note of its own, "由A牵头，B配合" and "由A会同B负责" in the text name them, else the
 *     note in the section's heading.  Names set side by side without a separator
 *     stay one name.
 *   - Inherited units.  "以下均需…落实，不再列出" binds that clause and every later one.
 *     A short form there ("功能区") is resolved to the one unit of the same note
 *     that contains it.
 *   - Figures.  Number, unit, relation.  Ranges and lists give one figure each.
 *     Relations: "=", "≤", "≥", "<", ">", "≈", and "up to", a ceiling that is
 *     granted (最高, 最长, 提高至) as against a bound that is set (不超过, 以内).  A
 *     Chinese numeral is a figure when a relation word or a measure of time or
 *     money shows that it counts.  Dates, document numbers, ordinals, and names in
 *     quotation marks are none.  "超过省平均水平" is a figure without a value.
 *   - Values are normalised: 侯政办〔2021〕81号, 2021-09-30; the text of a figure is
 *     the slice it was read from.  Several issuers are joined with 、.  An order
 *     (令) has its number in its title and is named after what it puts into force.
 *   - The body is the document's own; where that has no headings, that of what it
 *     passes on, or of its first annex that has some.
 *   - Linear time and no recursion: hostile brackets and a megabyte on one line
 *     are read like anything else.
 *
 * What it refuses
 *   - A text that shows no sign of the genre, or has no clause: FAULT_INPUT.
 *   - To guess: a document without a number, a date or a signature has none.
 *
 * How a call goes
 *
 *     g_autoptr (Circular) circular = circular_read_file ("81.txt", &error);
 *     if (!circular)
 *       return report (error);
 *     for (size_t i = 0; i < circular->n_sections; i++) …
 *     circular_write_json (circular, out);
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/base.h"
#include "sheet/sheet.h"

typedef enum {
  CIRCULAR_BINDING,
  CIRCULAR_PERMITTED,
  CIRCULAR_PILOT,
  CIRCULAR_ENCOURAGED,
  CIRCULAR_ASSISTING,
} CircularStrength;

/* "binding", "permitted", "pilot", "encouraged", "assisting" */
const char *circular_strength_name (CircularStrength strength);

/* All strings are NUL-terminated UTF-8 and live as long as the circular; those
 * that a document need not have may be NULL, as said. */

typedef struct {
  const char *name; /* prefix expanded: 县教育局 */
  const char *role; /* the note's own word without 单位: 责任, 牵头, 配合, 负责 … */
  bool lead;
  unsigned part; /* from 1: which note of the clause names it */
} CircularUnit;

typedef struct {
  const char *text; /* the source slice, with its relation words */
  Decimal value;    /* in UNIT; meaningless unless has_value */
  bool has_value;
  const char *unit;     /* as written: 万元, %, 个工作日; NULL without a value */
  const char *relation; /* "=", "≤", "≥", "<", ">", "≈", "up to" */
} CircularFigure;

typedef struct {
  const char *text;
  CircularStrength strength;
} CircularActionPart;

typedef struct {
  const char *text;
  CircularStrength strength;
  const CircularActionPart *parts; /* none when one strength governs the whole */
  size_t n_parts;
  const CircularFigure *figures; /* those of this sentence: a slice of the clause's */
  size_t n_figures;
  unsigned part; /* from 1: the note whose units carry it; see CircularUnit */
} CircularAction;

typedef struct {
  unsigned number;        /* 15; 0 for a body or a closing */
  const char *label;      /* as written, without brackets: 十五, 15, 第十五条; "" for a body */
  const char *title;      /* "" when it has none */
  const char *group;      /* title of the level between section and clause, or NULL */
  const char *text;       /* without title and unit notes; paragraphs end in \n */
  const char *units_note; /* the notes as written, or NULL */
  const CircularAction *actions;
  size_t n_actions;
  const CircularUnit *units;
  size_t n_units;
  const char *const *inherited_units;
  size_t n_inherited_units;
  const CircularFigure *figures;
  size_t n_figures;
} CircularClause;

typedef struct {
  unsigned number;            /* 0 for the one section of a document without sections */
  const char *label;          /* 五, 第二章; "" as above */
  const char *title;          /* "" as above */
  const CircularClause *body; /* what it says outside its clauses, or NULL */
  const CircularClause *clauses;
  size_t n_clauses;
} CircularSection;

typedef struct {
  const char *document_number; /* 侯政办〔2021〕81号, or NULL */
  const char *issuer;          /* several are joined with 、; or NULL */
  const char *title;
  const char *date;     /* ISO 8601, or NULL */
  const char *openness; /* 主动公开, 公开发布 …, or NULL */
  const char *const *addressees;
  size_t n_addressees;
  const char *const *copies_to;
  size_t n_copies_to;
  const char *const *annexes;
  size_t n_annexes;
  const char *print_line;     /* 印发机关和印发日期 as one text, or NULL */
  const char *print_office;   /* or NULL */
  const char *print_date;     /* ISO 8601, or NULL */
  const char *preamble;       /* before the first section, or NULL */
  const char *attached_title; /* of the document that a notice passes on, or NULL */
  const char *parent_title;   /* the document it carries out, or NULL */
  const char *parent_number;  /* that document's number, or NULL */
  const CircularSection *sections;
  size_t n_sections;
  const CircularClause *closing; /* what follows the last clause, or NULL */
  Arena *arena;                  /* owns all of the above */
} Circular;

/* Read a document.  TEXT is UTF-8; ORIGIN names it in messages.  Lines that
 * begin with "# SOURCE:" are notes on where a text came from and are skipped.
 * NULL with FAULT_INPUT when the text is malformed, empty, or no circular.
 * Free with circular_free or g_autoptr. */
Circular *circular_parse (Text text, const char *origin, GError **error);

/* The same for bytes in UTF-8 or GB18030 (recognised by content). */
Circular *circular_read_bytes (const char *bytes, size_t len, const char *origin, GError **error);

/* The same for a file.  FAULT_NOT_FOUND when it is not there, FAULT_SYSTEM
 * when it cannot be read, FAULT_INPUT as above, beyond 64 MiB, or a folder. */
Circular *circular_read_file (const char *path, GError **error);

void circular_free (Circular *circular);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Circular, circular_free)

/* Writers.  JSON has the keys document_number, issuer, title, date, openness,
 * addressees, copies_to, annexes, sections, closing, in this order, then what
 * else is known.  The others write the task table: a row per action, with clause,
 * title, strength, lead, supporting units (inherited ones marked), figures. */
void circular_write_json (const Circular *circular, GString *out);
/* Aligned for a terminal of COLUMNS columns (at least 60); a Chinese character
 * takes two. */
void circular_write_table (const Circular *circular, int columns, GString *out);
/* For spreadsheets; a workbook gets a sheet about the document as well. */
bool circular_write_sheet (const Circular *circular, SheetFormat format, GString *out, GError **error);
