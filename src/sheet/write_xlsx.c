/* XLSX through libxlsxwriter, which keeps one row in memory.  Texts are always
 * stored as texts, which no spreadsheet computes. */
#include "sheet/sheet_private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
  ROWS_MAX = 1048576,
  CELL_MAX = 32767,   /* UTF-16 units */
  SHORT_DIGITS = 15,  /* what a spreadsheet keeps of a number */
  FIRST_DAY = -25508, /* 1900-03-01: dates before it are shifted by a day in some programs */
};

typedef struct {
  lxw_workbook *book;
  lxw_worksheet *sheet;
  size_t columns; /* of the heading */
  lxw_format *head, *plain, *day;
  GString *cell; /* the text being written, with its escapes */
} XlsxState;

static XlsxState *
xlsx_state (SheetWriter *w)
{
  if (w->state)
    return w->state;
  XlsxState *state = g_new0 (XlsxState, 1);
  lxw_workbook_options options = { .constant_memory = LXW_TRUE, .use_zip64 = LXW_TRUE };
  w->state = state;
  state->cell = g_string_new (NULL);
  state->book = workbook_new_opt (w->part, &options);
  state->head = workbook_add_format (state->book);
  format_set_bold (state->head);
  format_set_align (state->head, LXW_ALIGN_VERTICAL_TOP);
  state->plain = workbook_add_format (state->book);
  format_set_text_wrap (state->plain);
  format_set_align (state->plain, LXW_ALIGN_VERTICAL_TOP);
  state->day = workbook_add_format (state->book);
  format_set_num_format (state->day, "yyyy-mm-dd");
  format_set_align (state->day, LXW_ALIGN_VERTICAL_TOP);
  return state;
}

static lxw_worksheet *
sheet_of (SheetWriter *w)
{
  XlsxState *state = xlsx_state (w);
  if (!state->sheet)
    state->sheet = workbook_add_worksheet (state->book, NULL);
  return state->sheet;
}

/* The filter reaches down to the last row, which is known now. */
static void
end_sheet (SheetWriter *w)
{
  XlsxState *state = w->state;
  if (state->columns && w->row > 1)
    worksheet_autofilter (state->sheet, 0, 0, (lxw_row_t)MIN (w->row, ROWS_MAX) - 1,
                          (lxw_col_t)state->columns - 1);
  state->columns = 0;
  w->row = 0;
  w->column = 0;
}

static void
xlsx_sheet (SheetWriter *w, const char *name)
{
  XlsxState *state = xlsx_state (w);
  end_sheet (w);
  state->sheet = workbook_add_worksheet (state->book, name);
}

/* TEXT as the part stores it: what looks like an escape (_x0041_) or is a control
 * character is escaped (ISO/IEC 29500-1, 22.9.2.19). */
static const char *
escaped (XlsxState *state, Text text)
{
  g_string_truncate (state->cell, 0);
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.bytes[i];
    bool looks = c == '_' && text.len - i >= 7 && text.bytes[i + 1] == 'x' && text.bytes[i + 6] == '_';
    if (looks)
      g_string_append (state->cell, "_x005F_");
    else if (c == '\r')
      g_string_append (state->cell, "_x000D_"); /* XML reads it as a line feed */
    else
      g_string_append_c (state->cell, (char)c);
  }
  return state->cell->str;
}

static void
refuse (SheetWriter *w, lxw_error problem)
{
  char name[8];
  if (w->error || problem == LXW_NO_ERROR)
    return;
  g_set_error (&w->error, FAULT,
               problem == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED
                       || problem == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE
                   ? FAULT_INPUT
                   : FAULT_SYSTEM,
               "row %" G_GINT64_FORMAT ", column %s: cannot stand in a workbook (%s): write CSV instead",
               w->row + 1, sheet_column_name (w->column, name), lxw_strerror (problem));
}

static void
put_text (SheetWriter *w, Text text, lxw_format *format)
{
  lxw_worksheet *sheet = sheet_of (w);
  if (w->row >= ROWS_MAX)
    refuse (w, LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE);
  else if (text.len)
    refuse (w, worksheet_write_string (sheet, (lxw_row_t)w->row, (lxw_col_t)w->column,
                                       escaped (w->state, text), format));
}

static void
xlsx_text (SheetWriter *w, Text text)
{
  put_text (w, text, xlsx_state (w)->plain);
}

static void
xlsx_number (SheetWriter *w, Text digits)
{
  size_t n = 0;
  char plain[64];
  for (size_t i = 0; i < digits.len; i++)
    n += g_ascii_isdigit (digits.bytes[i]);
  if (n == 0 || n > SHORT_DIGITS || digits.len >= sizeof plain) {
    xlsx_text (w, digits);
    return;
  }
  memcpy (plain, digits.bytes, digits.len);
  plain[digits.len] = '\0';
  refuse (w, worksheet_write_number (sheet_of (w), (lxw_row_t)w->row, (lxw_col_t)w->column,
                                     g_ascii_strtod (plain, NULL), xlsx_state (w)->plain));
}

static void
xlsx_date (SheetWriter *w, Day day)
{
  char buffer[CIVIL_TEXT_MAX];
  if (day < FIRST_DAY)
    xlsx_text (w, text_of (civil_format (day, buffer)));
  else
    refuse (w, worksheet_write_number (sheet_of (w), (lxw_row_t)w->row, (lxw_col_t)w->column,
                                       (double)(day + 25569), xlsx_state (w)->day));
}

static void
xlsx_heading (SheetWriter *w, const char *const *titles, const double *widths, size_t n)
{
  lxw_worksheet *sheet = sheet_of (w);
  for (size_t i = 0; widths && i < n; i++)
    worksheet_set_column (sheet, (lxw_col_t)i, (lxw_col_t)i, widths[i], NULL);
  for (; w->column < n; w->column++)
    put_text (w, text_of (titles[w->column]), xlsx_state (w)->head);
  worksheet_freeze_panes (sheet, 1, 0);
  xlsx_state (w)->columns = n;
}

static void
xlsx_end_row (SheetWriter *w)
{
}

/* The finished zip, passed on in pieces. */
static void
send_file (SheetWriter *w)
{
  char piece[64 * 1024];
  ssize_t n = 1;
  int fd = open (w->part, O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && !w->error && (n = read (fd, piece, sizeof piece)) > 0)
    writer_emit (w, piece, (size_t)n);
  if ((fd < 0 || n < 0) && !w->error)
    g_set_error (&w->error, FAULT, FAULT_SYSTEM, "%s cannot be read: %s", w->part, g_strerror (errno));
  if (fd >= 0)
    close (fd);
}

static void
xlsx_finish (SheetWriter *w)
{
  sheet_of (w);
  end_sheet (w);
  XlsxState *state = w->state;
  lxw_error problem = workbook_close (g_steal_pointer (&state->book));
  if (problem != LXW_NO_ERROR && !w->error)
    g_set_error (&w->error, FAULT, FAULT_SYSTEM,
                 "%s: the workbook cannot be written (%s); check the folder and the space",
                 w->path ? w->path : w->part, lxw_strerror (problem));
  if (!w->error && w->sink)
    send_file (w);
}

static void
xlsx_free (SheetWriter *w)
{
  XlsxState *state = w->state;
  if (state->book)
    workbook_close (state->book); /* the only way to give its memory back; the file goes with the writer */
  g_string_free (state->cell, TRUE);
  g_free (state);
}

const WriterFormat writer_xlsx
    = { xlsx_sheet, xlsx_heading, xlsx_text, xlsx_number, xlsx_date, xlsx_end_row, xlsx_finish, xlsx_free };
