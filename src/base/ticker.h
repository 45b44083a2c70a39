/* Ticker: a thread that does something at once and then every so often, until it is stopped. */
#pragma once

#include <glib.h>

typedef struct Ticker Ticker;
/* TICK (DATA) runs on a thread of its own, INTERVAL milliseconds (> 0, of a clock that nobody sets) after the
 * one before has ended.  NULL with FAULT_SYSTEM when there is no thread to be had. */
Ticker *ticker_start (unsigned interval, void (*tick) (gpointer data), gpointer data, GError **error);
/* Waits for the tick under way; none follows.  NULL is ignored. */
void ticker_stop (Ticker *ticker);
