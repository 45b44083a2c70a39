/* Workdays: counting working days and working hours as the law counts them.
 *
 * A day is worked when it is Monday to Friday and not a holiday, or when the
 * State Council's yearly notice makes it a make-up working day.  Only years
 * whose notice is published can be counted; a question that would need an
 * unpublished day fails with FAULT_UNPUBLISHED and names the year.
 *
 * Source: 全国年节及纪念日放假办法, the yearly 国务院办公厅 notices.  Deadlines
 * counted in working days start on the next working day (民法典 第201条: the
 * day on which a period begins does not count). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include "civil.h"
#include "text.h"

typedef struct Workdays Workdays;

typedef enum { WORKDAY_NO, WORKDAY_YES, WORKDAY_UNPUBLISHED } Workday;

/* Read a holiday table: CSV with the header date,name,kind and kind off|work.
 * A year is published when its 1 January is listed as off (a notice always
 * lists it; days of the previous December may stand before it).  ORIGIN names
 * the file in messages.  NULL with FAULT_INPUT: file, line, what to do. */
Workdays *workdays_parse (Text csv, const char *origin, GError **error);
void workdays_free (Workdays *w);

/* Office hours, minutes since midnight, [from, to) pairs ascending, at most 4
 * (08:00–12:00 and 14:30–17:30: {480, 720, 870, 1050}, 2). */
bool workdays_set_hours (Workdays *w, const int *from_to, int n_pairs, GError **error);

Workday workdays_is_worked (const Workdays *w, Day d);
/* The holiday's or make-up day's name, or NULL for an ordinary day. */
const char *workdays_name (const Workdays *w, Day d);
/* First and last day the calendar can answer for; false when empty. */
bool workdays_range (const Workdays *w, Day *first, Day *last);

/* N working days after FROM (before, when N is negative).  FROM itself does not
 * count.  N = 0 gives FROM when it is worked, else the next worked day. */
bool workdays_add (const Workdays *w, Day from, int n, Day *result, GError **error);
/* Working days in (FROM, TO]; negative when TO is before FROM. */
bool workdays_between (const Workdays *w, Day from, Day to, int *n, GError **error);

/* Working minutes.  Civil minutes: days × 1440 + minute of the day, Shanghai. */
bool workdays_add_minutes (const Workdays *w, gint64 from, gint64 minutes, gint64 *result,
                           GError **error);
bool workdays_minutes_between (const Workdays *w, gint64 from, gint64 to, gint64 *minutes,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Workdays, workdays_free)
