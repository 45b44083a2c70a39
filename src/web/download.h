/* Downloads: files for spreadsheets and for keeping. */
#pragma once

#include "web/request.h"

/* The answer is a file: NAME "tasks.csv" or longer. */
void download_begin (const WebRequest *request, WebResponse *response, const char *type, const char *name);
/* The same for CSV, whose rows follow. */
void download_begin_csv (const WebRequest *request, WebResponse *response, const char *name);
/* A row of N cells, RFC 4180.  A cell that a spreadsheet would take for a formula gets a "'" before it. */
void download_csv_row (WebResponse *response, const char *const *cells, size_t n);
