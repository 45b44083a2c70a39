/* sheet — rows in and rows out: CSV and XLSX, one row at a time.
 *
 * What it is for: the files that departments send and fetch.  Both formats are
 * read and written through one small interface, in memory that does not grow
 * with the file (a workbook's shared strings are held, up to a bound).
 *
 * What it promises
 *   - A row carries the number a person sees beside it in a spreadsheet; a fault
 *     names file, row and column.
 *   - Nothing is replaced: a byte that is no character of the file's encoding
 *     ends the reading with its place, and so does a quote that never closes.
 *   - Whatever the file holds, memory is bounded: cells, rows and columns have
 *     limits, a zip bomb and a document type declaration are refused.
 *   - A text that a spreadsheet would take for a formula is written so that none
 *     computes it (OWASP, CSV injection: = + - @ tab, return, line feed, and their
 *     full-width forms).  In CSV an apostrophe stands before it, which reading
 *     takes away again; in XLSX it is stored as text.  So reading gives back what
 *     was written, exactly.
 *
 * What it refuses: .xls, passwords, formulas (the value saved with one is read),
 * guessing what a column means.
 *
 * CSV is RFC 4180: comma, semicolon or tab, whichever the first row has most of;
 * UTF-8 with or without a byte-order mark, or GB18030, recognised by the first
 * bytes that are not ASCII unless told.  XLSX is ISO/IEC 29500-1 (SpreadsheetML).
 *
 * How a call goes
 *
 *     g_autoptr (SheetReader) in = sheet_reader_open ("residents.xlsx", NULL, &error);
 *     SheetRow row;
 *     SheetStep step;
 *     while ((step = sheet_reader_next (in, &row, &error)) == SHEET_ROW)
 *       … row.number, row.cells[0 … row.n − 1] …
 *
 *     g_autoptr (SheetWriter) out = sheet_writer_create ("list.csv", SHEET_CSV, &error);
 *     sheet_writer_heading (out, titles, widths, 2);
 *     sheet_writer_text (out, name);
 *     sheet_writer_number (out, income);
 *     sheet_writer_end_row (out, &error);
 *     sheet_writer_finish (out, &error);          // only now there is a list.csv
 */
#pragma once

#include "base/base.h"

typedef enum { SHEET_CSV, SHEET_XLSX } SheetFormat;

/* SHEET_XLSX for "….xlsx" in any case, SHEET_CSV for "….csv"; false for another name. */
bool sheet_format_of_name (const char *name, SheetFormat *format);

/* ---- reading ----------------------------------------------------------- */

enum {
  SHEET_CELL_MAX = 1 << 20,      /* bytes of one cell */
  SHEET_ROW_MAX = 4 << 20,       /* bytes of one row */
  SHEET_COLUMNS_MAX = 16384,     /* as in XLSX */
  SHEET_STRINGS_MAX = 192 << 20, /* bytes of a workbook's shared strings */
};

typedef struct {
  const char *encoding; /* CSV: "utf-8" or "gb18030"; NULL: find out */
  const char *sheet;    /* XLSX: the worksheet's name; NULL: the first */
} SheetOptions;

typedef struct {
  gint64 number; /* from 1, the first row counts; rows without any text are passed over */
  size_t n;
  const Text *cells; /* UTF-8; numbers as digits, dates as 2021-09-30, truth as true and false */
} SheetRow;

typedef enum { SHEET_FAILED, SHEET_ROW, SHEET_END } SheetStep;

typedef struct SheetReader SheetReader;

/* The format is known by content.  OPTIONS may be NULL.  NULL with
 * FAULT_NOT_FOUND (no such file), FAULT_INPUT (another kind of file, no such
 * worksheet, an encoding unknown), FAULT_SYSTEM. */
SheetReader *sheet_reader_open (const char *path, const SheetOptions *options, GError **error);
void sheet_reader_free (SheetReader *reader);
/* The next row; its texts are good until the next call.  Rows before a fault are
 * given before it.  SHEET_FAILED with FAULT_INPUT or FAULT_SYSTEM: "FILE: row 12, column 3 (C): …". */
SheetStep sheet_reader_next (SheetReader *reader, SheetRow *row, GError **error);
SheetFormat sheet_reader_format (const SheetReader *reader);
/* How far the file has been read, 0 … SIZE, for a progress bar. */
void sheet_reader_progress (const SheetReader *reader, gint64 *done, gint64 *size);
/* "C" of column 2 (from 0), as spreadsheets name it.  BUFFER of 8 bytes; returns it. */
char *sheet_column_name (size_t column, char *buffer);

/* ---- writing ----------------------------------------------------------- */

/* Takes the bytes as they come; false with an error stops the writing. */
typedef bool (*SheetSink) (const char *bytes, size_t len, gpointer data, GError **error);
/* A SheetSink whose data is a GString. */
bool sheet_sink_string (const char *bytes, size_t len, gpointer string, GError **error);

typedef struct SheetWriter SheetWriter;

/* Into PATH: beside it until sheet_writer_finish, so that there is a whole file or
 * none.  NULL with FAULT_SYSTEM. */
SheetWriter *sheet_writer_create (const char *path, SheetFormat format, GError **error);
/* To SINK: CSV as it grows, XLSX at the end (a zip is built in a temporary file). */
SheetWriter *sheet_writer_new (SheetFormat format, SheetSink sink, gpointer data, GError **error);
/* Drops what was not finished. */
void sheet_writer_free (SheetWriter *writer);
/* XLSX: begin a worksheet of this name.  CSV is one table without a name: no effect. */
void sheet_writer_sheet (SheetWriter *writer, const char *name);
/* The first row, bold, staying in view and filtering the others; WIDTHS (may be NULL) in characters. */
void sheet_writer_heading (SheetWriter *writer, const char *const *titles, const double *widths, size_t n);
/* The cells of a row, from left to right.  Faults are kept until the row ends. */
void sheet_writer_text (SheetWriter *writer, Text text); /* UTF-8; empty: an empty cell */
/* Digits as decimal_format gives them; the spreadsheet may compute with it. */
void sheet_writer_number (SheetWriter *writer, Text digits);
void sheet_writer_date (SheetWriter *writer, Day day);
/* FAULT_SYSTEM (disk, sink), FAULT_INPUT (XLSX: beyond row 1,048,576, a cell
 * longer than 32,767 characters: what to use instead). */
bool sheet_writer_end_row (SheetWriter *writer, GError **error);
/* A row of N texts; NULL is an empty cell. */
bool sheet_writer_row (SheetWriter *writer, const char *const *cells, size_t n, GError **error);
bool sheet_writer_finish (SheetWriter *writer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SheetReader, sheet_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SheetWriter, sheet_writer_free)
