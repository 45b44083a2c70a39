/* What time brings, without anybody asking. */
#include "cases/cases_private.h"

#include <stdio.h>

enum { INTERVAL = 10 * 60 * 1000 };

struct CasesKeeper {
  Cases *cases;
  Ticker *ticker;
};

bool
cases_look (Cases *cases, GError **error)
{
  return limits_follow_calendar (cases, error) && limits_warn (cases, error) && limits_escalate (cases, error)
         && flag_corrected (cases, error);
}

static void
keep (gpointer data)
{
  CasesKeeper *keeper = data;
  g_autoptr (GError) error = NULL;
  if (!cases_look (keeper->cases, &error))
    fprintf (stderr, "liudong: limits of cases: %s; it is tried again\n", error->message);
}

CasesKeeper *
cases_keep (Cases *cases, GError **error)
{
  CasesKeeper *keeper = g_new0 (CasesKeeper, 1);
  keeper->cases = cases;
  keeper->ticker = ticker_start (INTERVAL, keep, keeper, error);
  if (keeper->ticker)
    return keeper;
  g_free (keeper);
  return NULL;
}

void
cases_keep_stop (CasesKeeper *keeper)
{
  if (keeper)
    ticker_stop (keeper->ticker);
  g_free (keeper);
}
