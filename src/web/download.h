/* Downloads: files for spreadsheets and for keeping. */
#pragma once

#include "sheet/sheet.h"
#include "web/request.h"

/* The answer is a file: NAME "tasks.csv" or longer. */
void download_begin (const WebRequest *request, WebResponse *response, const char *type, const char *name);
/* End TABLE, whose sink is the response's body: the answer is NAME with the format's ending. */
bool download_table (const WebRequest *request, WebResponse *response, SheetWriter *table, SheetFormat format,
                     const char *name, GError **error);
/* The same of N_ROWS rows of N texts under COLUMNS, as CSV. */
bool download_rows (const WebRequest *request, WebResponse *response, const char *const *columns, size_t n,
                    const char *const *const *rows, size_t n_rows, const char *name, GError **error);
