/* The table of routes: who has which right stands in access/matrix.c. */
#include "web/handlers.h"
#include "web/route.h"

const WebRoute web_routes[] = {
  { "GET", "/", ACCESS_LOG_IN, handle_front },
  { "GET", "/circular", ACCESS_SEE_POLICY, handle_circular },
  { "GET", "/circular/tasks", ACCESS_SEE_POLICY, handle_tasks },
  { "GET", "/circular/tasks.csv", ACCESS_SEE_POLICY, handle_tasks_csv },
  { "GET", "/circular/tasks.xlsx", ACCESS_SEE_POLICY, handle_tasks_xlsx },
  { "GET", "/clauses", ACCESS_SEE_POLICY, handle_clauses },
  { "GET", "/clauses/{}", ACCESS_SEE_POLICY, handle_clause },
  { "GET", "/sharing", ACCESS_SEE_SHARING, handle_sharing },
  { "GET", "/sharing.csv", ACCESS_SEE_SHARING, handle_sharing_csv },
  { "GET", "/me", ACCESS_OWN_ACCOUNT, handle_me },
  { "GET", "/residents", ACCESS_SEARCH_PEOPLE, handle_residents },
  { "GET", "/households", ACCESS_SEARCH_PEOPLE, handle_households },
  { "GET", "/organisations", ACCESS_SEARCH_PEOPLE, handle_organisations },
  { "GET", "/parks", ACCESS_SEARCH_PEOPLE, handle_parks },
  { "GET", "/subjects/{}", ACCESS_OPEN_SUBJECT, handle_subject },
  { "GET", "/login", ACCESS_LOG_IN, handle_login_form },
  { "POST", "/login", ACCESS_LOG_IN, handle_login },
  { "POST", "/logout", ACCESS_LOG_IN, handle_logout },
  { "GET", "/assets/{}", ACCESS_LOG_IN, handle_asset },
  { "GET", "/favicon.ico", ACCESS_LOG_IN, handle_favicon },
  { "GET", "/api/v1/health", ACCESS_LOG_IN, handle_api_health },
  { "GET", "/api/v1/circular", ACCESS_SEE_POLICY, handle_api_circular },
  { "GET", "/api/v1/tasks", ACCESS_SEE_POLICY, handle_api_tasks },
  { "GET", "/api/v1/clauses", ACCESS_SEE_POLICY, handle_api_clauses },
  { "GET", "/api/v1/clauses/{}", ACCESS_SEE_POLICY, handle_api_clause },
  { "GET", "/api/v1/sharing", ACCESS_SEE_SHARING, handle_api_sharing },
  { "GET", "/api/v1/subjects/{}/determinations", ACCESS_OPEN_SUBJECT, handle_api_determinations },
};
const size_t web_routes_n = G_N_ELEMENTS (web_routes);
