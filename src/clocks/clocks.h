/* clocks — until when something must be done, and why then.
 *
 * A limit ("20 working days") and what happened (it began, stood still, went on,
 * ended) give a reading: by when, how much is used and left, from when to warn,
 * whether it is late.  Every reading can be told day by day.  Pure: a calendar
 * and numbers go in, a reading comes out; nothing is stored and no clock of the
 * machine is asked.
 *
 * How days count
 *   - One rule: a day counts when the clock is running as the day begins.  So the
 *     day on which it begins does not count (民法典 第201条), nor does the day on
 *     which it goes on after standing still; the day on which it is stopped does.
 *     That a day on which it goes on is treated as a first day is our reading
 *     (assumed): the law says that the time does not count, not how a day is split.
 *   - Working days are those of the State Council's calendar, make-up days included
 *     (行政许可法 第82条 counts an authority's limits in working days).
 *   - Days, months and years are calendar time.  A month ends on the day of the
 *     same number, else on the month's last (民法典 第202条).  When the last day is
 *     a day of rest, the next working day is the last (民法典 第203条; that a
 *     weekend is such a day, and a make-up day none, is assumed).  Time that it
 *     stood still is added day for day.
 *   - Hours count from the minute (民法典 第201条 第二款), within office hours.
 *   - The last day ends when the office closes (民法典 第203条 第二款), or at 24:00
 *     where no hours are known or WHOLE_DAY says so: people can apply on line then.
 *   - Time for corrections is not in an authority's limit: it runs from acceptance,
 *     and an application is accepted when it is complete (行政许可法 第32、42条);
 *     time for hearings, inspections and expert reviews is not in it either (第45条).
 *     Which deeds stop a clock is the caller's to say, by PAUSES and RESUMES.
 *   - A statutory and a promised limit are two readings of the same events.
 *
 * Warning: when a fifth of the limit is left, rounded up, a day (an hour of a limit in hours)
 * at least; for calendar time, one working day before the last at the latest.
 *
 * What it promises
 *   - A year whose calendar is not published is an answer (CLOCK_OPEN, or YEAR beside another
 *     status), never a guess.  After it is published, the same call gives the moment.
 *   - A reading costs the same however long the limit; a dozen events are nothing.
 *   - A machine's clock set back undoes nothing: NOW before the last event is read
 *     as that event's moment.
 *
 * What it refuses, with FAULT_INPUT: events that go backwards (whoever stamps them
 * takes the later of now and the last event), two beginnings, going on without having
 * stood still, a limit below 1 or above CLOCK_LIMIT_MOST days.
 *
 * How a call goes
 *
 *     ClockLimit limit = { CLOCK_WORKING_DAYS, 20 };
 *     ClockEvent events[] = { { CLOCK_BEGINS, accepted }, { CLOCK_PAUSES, asked },
 *                             { CLOCK_RESUMES, corrected } };
 *     ClockReading reading;
 *     if (clock_read (calendar, limit, events, 3, now, &reading, error))
 *       show (reading.due, reading.left);
 */
#pragma once

#include "base/base.h"

typedef enum { CLOCK_WORKING_DAYS, CLOCK_DAYS, CLOCK_WORKING_HOURS, CLOCK_MONTHS, CLOCK_YEARS } ClockUnit;

enum { CLOCK_LIMIT_MOST = 36525 }; /* a century of days; of hours, months and years as many as fit it */

typedef struct {
  ClockUnit unit;
  int n;
  bool whole_day; /* the last day ends at 24:00, whatever the office hours */
} ClockLimit;

/* "20 working days", "10 days", "4 working hours", "1 month", "1 year", also without the
 * plural's s.  FAULT_USAGE otherwise; *LIMIT is written on success only. */
bool clock_limit_parse (const char *text, ClockLimit *limit, GError **error);
/* The unit as machine output names it: working_days, days, working_hours, months, years. */
const char *clock_unit_id (ClockUnit unit);

typedef enum { CLOCK_BEGINS, CLOCK_PAUSES, CLOCK_RESUMES, CLOCK_ENDS } ClockTurn;
typedef struct {
  ClockTurn turn;
  gint64 at; /* civil minutes, Shanghai: days × 1440 + minute of the day, as in workdays_add_minutes */
} ClockEvent;

typedef enum {
  CLOCK_RUNNING,
  CLOCK_PAUSED,
  CLOCK_MET,  /* ended in time */
  CLOCK_LATE, /* its end, or now, is after DUE */
  CLOCK_OPEN, /* runs, and the calendar of YEAR is not published */
} ClockStatus;
/* running, paused, met, late, open */
const char *clock_status_id (ClockStatus status);

typedef struct {
  ClockStatus status;
  gint64 due;     /* the last moment in time; of a clock that stands still, if it went on now.  0 with YEAR */
  gint64 warn_at; /* at or after its beginning, before DUE; 0 with YEAR */
  gint64 used, left; /* working days, days (also of months and years), minutes of a limit in hours; up to its
                        end or now.  LEFT is below 0 when late.  Both -1 when they cannot be counted */
  int year;          /* whose calendar is not published; 0 when none is missing */
} ClockReading;

/* Read the clock of LIMIT at NOW (civil minutes).  The N EVENTS stand in the order in which they
 * happened, the first is CLOCK_BEGINS.  CALENDAR needs office hours for CLOCK_WORKING_HOURS alone.
 * False with FAULT_INPUT as above. */
bool clock_read (const Workdays *calendar, ClockLimit limit, const ClockEvent *events, size_t n, gint64 now,
                 ClockReading *reading, GError **error);

typedef enum {
  CLOCK_DAY_BEGINS,      /* the day on which it begins */
  CLOCK_DAY_COUNTS,      /* an ordinary day that counts */
  CLOCK_DAY_MADE_UP,     /* a weekend's day that is worked */
  CLOCK_DAY_WEEKEND,     /* a day of rest without a name */
  CLOCK_DAY_HOLIDAY,     /* a day of rest with a name */
  CLOCK_DAY_PAUSED,      /* it stood still all day */
  CLOCK_DAY_RESUMES,     /* the day on which it goes on */
  CLOCK_DAY_MOVED,       /* a working day that is the last because the days before it are of rest */
  CLOCK_DAY_UNPUBLISHED, /* nobody can say; the list ends here */
} ClockDayKind;
/* begins, counts, made_up, weekend, holiday, paused, resumes, moved, unpublished */
const char *clock_day_kind_id (ClockDayKind kind);

typedef struct {
  Day day;
  ClockDayKind kind;
  bool counts;
  gint64 number;    /* how many have been counted with this day; of hours, minutes */
  const char *name; /* of the holiday (also of a make-up day), from CALENDAR; NULL for an ordinary day */
} ClockDay;

/* Every day from the one on which the clock begins to the last, for the same question as
 * clock_read; in ARENA, names lent by CALENDAR.  NULL with FAULT_INPUT, also when there would be
 * more than 2 × CLOCK_LIMIT_MOST days. */
const ClockDay *clock_days (const Workdays *calendar, Arena *arena, ClockLimit limit,
                            const ClockEvent *events, size_t n, gint64 now, size_t *n_days, GError **error);
/* Why DAY counts or does not, for people, in Chinese or ENGLISH; in ARENA or static. */
const char *clock_day_words (Arena *arena, const ClockDay *day, bool english);

/* ---- labour arbitration ------------------------------------------------ */

/* The limits of 劳动争议调解仲裁法; numbers are the package's (parameters/labour-arbitration.yaml). */
typedef struct {
  int limitation_years;    /* 第27条: to apply */
  int acceptance_days;     /* 第29条: to accept or refuse, from receiving the application */
  int service_days;        /* 第30条: to serve it on the other party, from accepting */
  int answer_days;         /* 第30条: to answer, from being served */
  int answer_service_days; /* 第30条: to serve the answer, from receiving it */
  int award_days;          /* 第43条: to the award, from accepting */
  int extension_days;      /* 第43条: more at most, for a complicated case */
} ClockArbitration;

/* A day that has not come. */
#define CLOCK_NO_DAY G_MININT64

/* What happened in a dispute; CLOCK_NO_DAY for what has not.  KNOWN is the day on which somebody
 * knew or should have known that a right was violated; of pay owed while employment lasted, the
 * day on which it ended (第27条 第四款). */
typedef struct {
  Day known, applied, accepted, served, answered, answer_served, awarded;
  bool extended;            /* the head of the commission allowed more time */
  size_t n_interruptions;   /* 第27条 第二款: a claim made, help sought, or the debt acknowledged; */
  const Day *interruptions; /* ascending: the limitation starts anew each time */
} ClockDispute;

typedef enum {
  CLOCK_STEP_APPLY,
  CLOCK_STEP_ACCEPT,
  CLOCK_STEP_SERVE,
  CLOCK_STEP_ANSWER,
  CLOCK_STEP_SERVE_ANSWER,
  CLOCK_STEP_AWARD,
  CLOCK_N_STEPS
} ClockStepKind;
/* apply, accept, serve, answer, serve_answer, award */
const char *clock_step_id (ClockStepKind kind);

typedef struct {
  ClockLimit limit;
  Day begins;    /* CLOCK_NO_DAY when that cannot be said */
  bool expected; /* what it begins with has not happened: BEGINS is its last day, the reading the latest
                    possible */
  ClockReading reading;
} ClockStep;

/* The timetable of DISPUTE at NOW: a step per kind into STEPS.  An interruption after the limitation
 * ran out starts nothing.  The law says days; calendar days are counted here, as the package does (assumed).
 * A last day of rest moves to the next working day (劳动人事争议仲裁办案规则 第19条, by which 民事诉讼法
 * 第85条 may be followed). FAULT_INPUT for days that go backwards, KNOWN missing, or a limit below 1. */
bool clock_arbitration (const Workdays *calendar, const ClockArbitration *limits, const ClockDispute *dispute,
                        gint64 now, ClockStep steps[CLOCK_N_STEPS], GError **error);
