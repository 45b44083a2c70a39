/* What sql_write_answers must give, from what columns_run does. */
#pragma once

#include "engine.h"

/* The first difference in words, NULL when ROWS are what PROGRAM answers.  COMPARED (may be
 * NULL) is increased by the cells looked at. */
char *expect_rows (const ColumnsProgram *program, const SqlQueries *queries, const Rows *rows,
                   size_t *compared);
