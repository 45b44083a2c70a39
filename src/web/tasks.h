/* Tasks: the circular's action items, chosen by a request's filter. */
#pragma once

#include "web/models.h"

/* The query's "unit" and "strength"; FAULT_INPUT for a strength there is not. */
bool tasks_choose (const WebRequest *request, TasksModel *m, GError **error);
