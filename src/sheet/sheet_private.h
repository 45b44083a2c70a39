/* What the parts of sheet share.
 *
 *   reader.c    opening by content, handing out rows
 *   queue.c     rows parsed and not yet handed out
 *   decode.c    a file's bytes → UTF-8, in pieces
 *   csv.c       UTF-8 → rows, by libcsv
 *   package.c   the zip of a workbook: its parts as XML, bounded
 *   workbook.c  worksheets, date system, styles, shared strings
 *   xlsx.c      the cells of one worksheet → rows
 *   defuse.c    texts that would be formulas
 *   writer.c    files and sinks; write_csv.c, write_xlsx.c the formats
 */
#pragma once

#include "sheet/sheet.h"

/* ---- the queue --------------------------------------------------------- */

/* Parsers push, callers pull: a piece of the file becomes the rows of the queue,
 * which are handed out before the next piece is read.  All texts lie in one
 * buffer, cells know them by offset because it grows. */
typedef struct {
  char *bytes;
  size_t len, size;
  struct QueueCell {
    size_t offset, len;
  } * cells;
  size_t n_cells, size_cells;
  struct QueueRow {
    gint64 number;
    size_t first, n; /* cells */
  } * rows;
  size_t n_rows, size_rows;
  size_t next;      /* row to hand out */
  size_t row_cells; /* where the unfinished row begins: cells, bytes */
  size_t row_bytes;
  Text *texts; /* of the row handed out */
  size_t size_texts;
} Queue;

void queue_clear (Queue *queue);
/* Add a cell to the unfinished row; false when it or the row is too large: *WHY says how. */
bool queue_cell (Queue *queue, Text text, const char **why);
/* Number of cells in the unfinished row. */
static inline size_t
queue_row_size (const Queue *queue)
{
  return queue->n_cells - queue->row_cells;
}
/* The unfinished row is whole; dropped when all its cells are empty. */
void queue_end_row (Queue *queue, gint64 number);
/* Hand out a row; false when there is none, and then what was handed out is forgotten. */
bool queue_take (Queue *queue, SheetRow *row);

/* ---- sources ----------------------------------------------------------- */

/* A format being read.  STEP parses one more piece into QUEUE: SHEET_ROW when
 * there may be more, SHEET_END at the end. */
typedef struct SheetSource SheetSource;
struct SheetSource {
  SheetStep (*step) (SheetSource *source, Queue *queue, GError **error);
  void (*free) (SheetSource *source);
  void (*progress) (const SheetSource *source, gint64 *done, gint64 *size);
};

SheetSource *csv_source_open (const char *path, const char *encoding, GError **error);
SheetSource *xlsx_source_open (const char *path, const char *sheet, GError **error);

/* "PATH: row R, column C (name): message" as FAULT_INPUT; COLUMN from 0. */
void sheet_fail_at (const char *path, gint64 row, size_t column, GError **error, const char *format, ...)
    G_GNUC_PRINTF (5, 6);

/* ---- decoding ---------------------------------------------------------- */

typedef struct Decoder Decoder;
/* ENCODING NULL: find out.  NULL with FAULT_INPUT for one that is not known. */
Decoder *decoder_new (const char *encoding, GError **error);
void decoder_free (Decoder *decoder);
/* Decode LEN more bytes (LAST: the end of the file).  *TEXT is the UTF-8 of what
 * is whole, good until the next call.  False when there is a byte that cannot be:
 * *TEXT is what stands before it, *WHY what is wrong. */
bool decoder_feed (Decoder *decoder, const char *bytes, size_t len, bool last, Text *text, const char **why);

/* ---- workbooks --------------------------------------------------------- */

typedef struct Package Package;
Package *package_open (const char *path, GError **error);
void package_close (Package *package);
const char *package_path (const Package *package);

/* What is told of a part's XML, by local names.  ATTRIBUTES as libxml2's SAX2 gives them. */
typedef struct {
  const unsigned char **list;
  int n;
} PartAttributes;
typedef struct {
  void (*begin) (void *data, const char *name, PartAttributes attributes);
  void (*end) (void *data, const char *name);
  void (*text) (void *data, const char *bytes, size_t len);
} PartHandler;
/* The attribute's value; bytes NULL when absent. */
Text part_attribute (PartAttributes attributes, const char *name);

typedef struct PartStream PartStream;
/* NULL with FAULT_INPUT when the part is missing, too large or a bomb. */
PartStream *part_stream_open (Package *package, const char *name, gint64 max, const PartHandler *handler,
                              void *data, GError **error);
void part_stream_free (PartStream *stream);
/* Parse one more piece: SHEET_ROW, SHEET_END, SHEET_FAILED. */
SheetStep part_stream_step (PartStream *stream, GError **error);
/* From a handler: stop, the reason is kept by the caller. */
void part_stream_stop (PartStream *stream);
void part_stream_progress (const PartStream *stream, gint64 *done, gint64 *size);
/* The whole part at once. */
bool part_parse (Package *package, const char *name, gint64 max, const PartHandler *handler, void *data,
                 GError **error);
bool package_has (Package *package, const char *name);

typedef enum { STYLE_PLAIN, STYLE_DATE, STYLE_TIME } StyleKind;

typedef struct {
  char *sheet; /* the part with the cells */
  bool from_1904;
  GByteArray *styles; /* by cell style: StyleKind */
  GByteArray *bytes;  /* shared strings, one after the other */
  GArray *ends;       /* guint32: where each ends */
} Workbook;
/* SHEET: the worksheet's name, NULL for the first.  FAULT_INPUT. */
bool workbook_read (Workbook *workbook, Package *package, const char *sheet, GError **error);
void workbook_clear (Workbook *workbook);
/* False when there is no string I. */
bool workbook_string (const Workbook *workbook, guint64 i, Text *text);
/* Whether a number format shows dates or times (ISO/IEC 29500-1, 18.8.30, 18.8.31). */
StyleKind style_of_format (Text code);
/* The text of _xHHHH_ escapes (ISO/IEC 29500-1, 22.9.2.19) put right in place; the new length. */
size_t text_unescape (char *bytes, size_t len);

/* ---- formulas ---------------------------------------------------------- */

/* Whether a spreadsheet would compute TEXT, or it begins with apostrophes before such a text. */
bool text_is_formula_like (Text text);

/* ---- writing ----------------------------------------------------------- */

typedef struct {
  void (*sheet) (SheetWriter *writer, const char *name);
  void (*heading) (SheetWriter *writer, const char *const *titles, const double *widths, size_t n);
  void (*text) (SheetWriter *writer, Text text);
  void (*number) (SheetWriter *writer, Text digits);
  void (*date) (SheetWriter *writer, Day day);
  void (*end_row) (SheetWriter *writer);
  void (*finish) (SheetWriter *writer);
  void (*free) (SheetWriter *writer);
} WriterFormat;

struct SheetWriter {
  const WriterFormat *format;
  SheetSink sink; /* NULL: FILE */
  gpointer sink_data;
  char *path, *part; /* the file and the name it has until it is whole */
  int fd;            /* of PART; -1 */
  gint64 row;        /* from 0 */
  size_t column;     /* of the next cell */
  GError *error;     /* the first fault */
  void *state;       /* the format's */
};

extern const WriterFormat writer_csv, writer_xlsx;
/* Pass bytes on to file or sink. */
void writer_emit (SheetWriter *writer, const char *bytes, size_t len);
