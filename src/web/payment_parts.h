/* What the pages about payments share. */
#pragma once

#include "payments/payments.h"
#include "web/request.h"

/* The path's number; FAULT_NOT_FOUND where it is none. */
bool web_path_number (const WebRequest *request, gint64 *number, GError **error);
/* The field NAME as a number above zero; 0: there is none. */
gint64 web_field_number (const WebFields *fields, const char *name);
/* LINES as the array KEY. */
void web_write_lines (JsonWriter *w, const WebRequest *request, const char *key, const PaymentsLine *lines,
                      size_t n);
