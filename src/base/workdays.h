/* Workdays: counting working days and working hours as the law counts them.
 *
 * A day is worked when it is Monday to Friday and not a holiday, or when the
 * State Council's yearly notice makes it a make-up working day.  Only years
 * whose notice is published can be counted; a question that would need an
 * unpublished day fails with FAULT_UNPUBLISHED and names the year.
 *
 * Held as two tables over the published span, the number of worked days before
 * each day and the day of each number, so that every question costs the same
 * however far it reaches; six years take 15 KB.
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

/* Read a holiday table: CSV without quotes, with the header date,name,kind and
 * kind off|work, rows in any order.  A year is published when its 1 January is
 * listed as off (a notice always lists it; days of the previous December may
 * stand before it); published years follow one another without a gap.  ORIGIN
 * names the file in messages.  NULL with FAULT_INPUT (file, line, what to do)
 * for anything else, a day listed twice, a make-up day from Monday to Friday, a
 * day of a year whose 1 January is missing. */
Workdays *workdays_parse (Text csv, const char *origin, GError **error);
void workdays_free (Workdays *w);

/* Office hours, minutes since midnight, [from, to) pairs ascending, at most 4
 * (08:00–12:00 and 14:30–17:30: {480, 720, 870, 1050}, 2). */
bool workdays_set_hours (Workdays *w, const int *from_to, int n_pairs, GError **error);

/* Office hours as a file: CSV with the header from,to,basis, a row per span, times
 * as 08:00; BASIS says where the hours are from (for people).  FAULT_INPUT as above. */
bool workdays_parse_hours (Workdays *w, Text csv, const char *origin, GError **error);

bool workdays_has_hours (const Workdays *w);
/* The minute of the day at which the office closes; 24:00 (1440) where no hours are set. */
int workdays_closing (const Workdays *w);

Workday workdays_is_worked (const Workdays *w, Day d);
/* The holiday's or make-up day's name, or NULL for an ordinary day. */
const char *workdays_name (const Workdays *w, Day d);
/* First and last day the calendar can answer for; always true, as a calendar has a year at least. */
bool workdays_range (const Workdays *w, Day *first, Day *last);

/* FROM, TO, and the result must all lie in published years; otherwise the
 * functions below fail with FAULT_UNPUBLISHED, naming the year.  The result is
 * written on success only. */

/* N working days after FROM (before, when N is negative).  FROM itself does not
 * count.  N = 0 gives FROM when it is worked, else the next worked day. */
bool workdays_add (const Workdays *w, Day from, int n, Day *result, GError **error);
/* Working days in (FROM, TO]; when TO is before FROM, minus those in [TO, FROM).
 * So FROM never counts and TO does, and this undoes workdays_add: from FROM to
 * FROM plus N working days there are N. */
bool workdays_between (const Workdays *w, Day from, Day to, int *n, GError **error);

/* Working minutes.  Civil minutes: days × 1440 + minute of the day, Shanghai.
 * The result is the earliest moment by which MINUTES are worked (17:30 rather
 * than 08:00 next day); going back, the latest (08:00 rather than 17:30 the day
 * before).  MINUTES = 0 gives FROM within office hours, else their next
 * beginning.  FAULT_INPUT when no hours are set. */
bool workdays_add_minutes (const Workdays *w, gint64 from, gint64 minutes, gint64 *result, GError **error);
bool workdays_minutes_between (const Workdays *w, gint64 from, gint64 to, gint64 *minutes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Workdays, workdays_free)
