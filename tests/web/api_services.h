/* Cases of test_api.c about services; DATA is what main hands them. */
#pragma once

#include "store/store.h"

extern Store *service_store; /* of the county that is served */

void check_notices (gconstpointer folder);
void check_registers (gconstpointer folder);
void check_agents (gconstpointer folder);
void check_payments (gconstpointer folder);
void check_rounds (gconstpointer folder);
void check_jobs (gconstpointer folder);
void check_markets (gconstpointer folder);
void check_verify (gconstpointer data);
void check_questions (gconstpointer data);
void check_services (gconstpointer data);
