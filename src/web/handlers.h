/* Handlers: one function per route, files by subject; see routes.c for the table. */
#pragma once

#include "web/request.h"

/* front.c */
bool handle_front (WebRequest *request, WebResponse *response, GError **error);
bool handle_asset (WebRequest *request, WebResponse *response, GError **error);
bool handle_favicon (WebRequest *request, WebResponse *response, GError **error);

/* circular.c */
bool handle_circular (WebRequest *request, WebResponse *response, GError **error);
bool handle_tasks (WebRequest *request, WebResponse *response, GError **error);
bool handle_tasks_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_tasks_xlsx (WebRequest *request, WebResponse *response, GError **error);

/* clause.c */
bool handle_clauses (WebRequest *request, WebResponse *response, GError **error);
bool handle_try (WebRequest *request, WebResponse *response, GError **error);
bool handle_clause (WebRequest *request, WebResponse *response, GError **error);

/* check.c */
bool handle_check (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_check (WebRequest *request, WebResponse *response, GError **error);

/* services.c */
bool handle_services (WebRequest *request, WebResponse *response, GError **error);
bool handle_service (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_matters (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_matter (WebRequest *request, WebResponse *response, GError **error);

/* sharing.c */
bool handle_sharing (WebRequest *request, WebResponse *response, GError **error);
bool handle_sharing_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_sharing (WebRequest *request, WebResponse *response, GError **error);

/* subject.c */
bool handle_me (WebRequest *request, WebResponse *response, GError **error);
bool handle_subject (WebRequest *request, WebResponse *response, GError **error);

/* data.c */
bool handle_data (WebRequest *request, WebResponse *response, GError **error);
bool handle_data_pdf (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_copy (WebRequest *request, WebResponse *response, GError **error);

/* requests.c: the person asks */
bool handle_requests (WebRequest *request, WebResponse *response, GError **error);
bool handle_request_form (WebRequest *request, WebResponse *response, GError **error);
bool handle_file (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_requests (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_file (WebRequest *request, WebResponse *response, GError **error);

/* my_log.c */
bool handle_my_log (WebRequest *request, WebResponse *response, GError **error);
bool handle_proof (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_accesses (WebRequest *request, WebResponse *response, GError **error);

/* notices.c: the inbox */
bool handle_notices (WebRequest *request, WebResponse *response, GError **error);
bool handle_notices_read (WebRequest *request, WebResponse *response, GError **error);
bool handle_notices_settings (WebRequest *request, WebResponse *response, GError **error);
bool handle_notices_choose (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_notices (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_notices_read (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_notices_settings (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_notices_choose (WebRequest *request, WebResponse *response, GError **error);

/* registers.c: events and what departments keep */
bool handle_events (WebRequest *request, WebResponse *response, GError **error);
bool handle_event (WebRequest *request, WebResponse *response, GError **error);
bool handle_event_enrol (WebRequest *request, WebResponse *response, GError **error);
bool handle_registers (WebRequest *request, WebResponse *response, GError **error);
bool handle_register (WebRequest *request, WebResponse *response, GError **error);
bool handle_register_enter (WebRequest *request, WebResponse *response, GError **error);
bool handle_register_record (WebRequest *request, WebResponse *response, GError **error);
bool handle_register_add (WebRequest *request, WebResponse *response, GError **error);
bool handle_register_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_events (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_event (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_event_enrol (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_register (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_register_enter (WebRequest *request, WebResponse *response, GError **error);

/* jobs.c, job_people.c, job_acts.c, job_matches.c, api_jobs.c: online employment */
bool handle_jobs (WebRequest *request, WebResponse *response, GError **error);
bool handle_job (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_form (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_send (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_edit (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_change (WebRequest *request, WebResponse *response, GError **error);
bool handle_jobs_mine (WebRequest *request, WebResponse *response, GError **error);
bool handle_jobs_review (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_applicants (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_profile (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_profile_save (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_seekers (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_application (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_application_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_fairs (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_fair_plan (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_fair (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_fair_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_fair_transcript (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_matches (WebRequest *request, WebResponse *response, GError **error);
bool handle_job_candidates (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_fairs (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_fair (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_fair_plan (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_fair_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_words (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_matches (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_match (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_candidates (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_jobs (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_check (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_send (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_jobs_mine (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_profile (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_profile_save (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_application (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_job_application_act (WebRequest *request, WebResponse *response, GError **error);

/* markets.c, api_markets.c: the markets beside that of jobs */
bool handle_markets (WebRequest *request, WebResponse *response, GError **error);
bool handle_market (WebRequest *request, WebResponse *response, GError **error);
bool handle_market_form (WebRequest *request, WebResponse *response, GError **error);
bool handle_market_send (WebRequest *request, WebResponse *response, GError **error);
bool handle_market_entry (WebRequest *request, WebResponse *response, GError **error);
bool handle_market_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_market_edit (WebRequest *request, WebResponse *response, GError **error);
bool handle_market_change (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_markets (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_market (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_market_send (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_market_entry (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_market_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_market_matches (WebRequest *request, WebResponse *response, GError **error);

/* rounds.c, round_acts.c, api_rounds.c: rounds in which scarce places are shared out */
bool handle_rounds (WebRequest *request, WebResponse *response, GError **error);
bool handle_rounds_plan (WebRequest *request, WebResponse *response, GError **error);
bool handle_round (WebRequest *request, WebResponse *response, GError **error);
bool handle_round_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_round_apply (WebRequest *request, WebResponse *response, GError **error);
bool handle_round_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_round_transcript (WebRequest *request, WebResponse *response, GError **error);
bool handle_round_verify (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_rounds (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_rounds_plan (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_round (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_round_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_round_apply (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_round_verify (WebRequest *request, WebResponse *response, GError **error);

/* audit.c: the auditor */
bool handle_audit (WebRequest *request, WebResponse *response, GError **error);
bool handle_audit_proof (WebRequest *request, WebResponse *response, GError **error);
bool handle_audit_heads (WebRequest *request, WebResponse *response, GError **error);
bool handle_audit_key (WebRequest *request, WebResponse *response, GError **error);

/* queue.c: the department decides */
bool handle_queue (WebRequest *request, WebResponse *response, GError **error);
bool handle_review (WebRequest *request, WebResponse *response, GError **error);
bool handle_decide (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_queue (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_decide (WebRequest *request, WebResponse *response, GError **error);

/* apply.c, my_cases.c, case_page.c: applying, and what became of it */
bool handle_apply (WebRequest *request, WebResponse *response, GError **error);
bool handle_apply_send (WebRequest *request, WebResponse *response, GError **error);
bool handle_my_cases (WebRequest *request, WebResponse *response, GError **error);
bool handle_case (WebRequest *request, WebResponse *response, GError **error);
bool handle_case_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_case_file (WebRequest *request, WebResponse *response, GError **error);
/* case_decision.c */
bool handle_case_decision (WebRequest *request, WebResponse *response, GError **error);

/* desk.c, department.c: the office that handles cases */
bool handle_desk (WebRequest *request, WebResponse *response, GError **error);
bool handle_desk_many (WebRequest *request, WebResponse *response, GError **error);
bool handle_desk_run (WebRequest *request, WebResponse *response, GError **error);
bool handle_desk_run_go_on (WebRequest *request, WebResponse *response, GError **error);
bool handle_desk_case (WebRequest *request, WebResponse *response, GError **error);
bool handle_desk_case_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_department_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_department (WebRequest *request, WebResponse *response, GError **error);

/* api_cases.c */
bool handle_api_cases (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_cases_submit (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_case (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_case_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_desk (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_department (WebRequest *request, WebResponse *response, GError **error);

/* search.c */
bool handle_search (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_search (WebRequest *request, WebResponse *response, GError **error);

/* imports.c: a data steward's tables and duplicates */
bool handle_imports (WebRequest *request, WebResponse *response, GError **error);
bool handle_upload (WebRequest *request, WebResponse *response, GError **error);
bool handle_import_run (WebRequest *request, WebResponse *response, GError **error);
bool handle_import (WebRequest *request, WebResponse *response, GError **error);
bool handle_import_report (WebRequest *request, WebResponse *response, GError **error);
bool handle_duplicates (WebRequest *request, WebResponse *response, GError **error);
bool handle_duplicate (WebRequest *request, WebResponse *response, GError **error);
bool handle_duplicate_decide (WebRequest *request, WebResponse *response, GError **error);

/* conflicts.c: what sources state differently */
bool handle_conflicts (WebRequest *request, WebResponse *response, GError **error);
bool handle_conflict (WebRequest *request, WebResponse *response, GError **error);
bool handle_settle (WebRequest *request, WebResponse *response, GError **error);

/* statistics.c: a clause over the whole county */
bool handle_statistics (WebRequest *request, WebResponse *response, GError **error);
bool handle_statistics_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_statistics (WebRequest *request, WebResponse *response, GError **error);
/* reforms.c: what a change of parameters would do */
bool handle_reforms (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_reforms (WebRequest *request, WebResponse *response, GError **error);
/* barriers.c: whom one condition keeps out */
bool handle_barriers (WebRequest *request, WebResponse *response, GError **error);
bool handle_barriers_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_barriers (WebRequest *request, WebResponse *response, GError **error);
/* townships.c: residents per township */
bool handle_townships (WebRequest *request, WebResponse *response, GError **error);
bool handle_townships_csv (WebRequest *request, WebResponse *response, GError **error);

/* account.c */
bool handle_login_form (WebRequest *request, WebResponse *response, GError **error);
bool handle_login (WebRequest *request, WebResponse *response, GError **error);
bool handle_logout (WebRequest *request, WebResponse *response, GError **error);
bool handle_code_form (WebRequest *request, WebResponse *response, GError **error);
bool handle_code (WebRequest *request, WebResponse *response, GError **error);
bool handle_enrol_form (WebRequest *request, WebResponse *response, GError **error);
bool handle_enrol (WebRequest *request, WebResponse *response, GError **error);

/* own.c */
bool handle_own (WebRequest *request, WebResponse *response, GError **error);
bool handle_own_password (WebRequest *request, WebResponse *response, GError **error);
bool handle_own_sessions (WebRequest *request, WebResponse *response, GError **error);
bool handle_own_code (WebRequest *request, WebResponse *response, GError **error);
/* What the account's role may do, as links: the page of who stands for no subject. */
void write_home (WebRequest *request, WebResponse *response);

/* accounts.c */
bool handle_accounts (WebRequest *request, WebResponse *response, GError **error);
bool handle_accounts_add (WebRequest *request, WebResponse *response, GError **error);
bool handle_account (WebRequest *request, WebResponse *response, GError **error);
bool handle_account_change (WebRequest *request, WebResponse *response, GError **error);
bool handle_access (WebRequest *request, WebResponse *response, GError **error);

/* due.c */
bool handle_due (WebRequest *request, WebResponse *response, GError **error);
bool handle_due_list (WebRequest *request, WebResponse *response, GError **error);
bool handle_due_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_due_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_offers (WebRequest *request, WebResponse *response, GError **error);
bool handle_offer (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_due (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_due_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_offers (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_offer (WebRequest *request, WebResponse *response, GError **error);

/* payments.c */
bool handle_payments (WebRequest *request, WebResponse *response, GError **error);
bool handle_payments_begin (WebRequest *request, WebResponse *response, GError **error);
bool handle_payments_list (WebRequest *request, WebResponse *response, GError **error);
bool handle_payments_act (WebRequest *request, WebResponse *response, GError **error);
bool handle_payments_csv (WebRequest *request, WebResponse *response, GError **error);
bool handle_payments_xlsx (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_payments (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_payments_begin (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_payments_list (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_payments_act (WebRequest *request, WebResponse *response, GError **error);

/* entitlements.c */
bool handle_entitlements (WebRequest *request, WebResponse *response, GError **error);
bool handle_entitlement (WebRequest *request, WebResponse *response, GError **error);
bool handle_entitlement_turn (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_entitlements (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_entitlement (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_entitlement_turn (WebRequest *request, WebResponse *response, GError **error);

/* my_payments.c */
bool handle_my_payments (WebRequest *request, WebResponse *response, GError **error);
bool handle_my_account (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_my_payments (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_my_account (WebRequest *request, WebResponse *response, GError **error);

/* agents.c */
bool handle_agents (WebRequest *request, WebResponse *response, GError **error);
bool handle_agents_give (WebRequest *request, WebResponse *response, GError **error);
bool handle_agents_apply (WebRequest *request, WebResponse *response, GError **error);
bool handle_agents_end (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_agents (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_agents_give (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_agents_end (WebRequest *request, WebResponse *response, GError **error);

/* verify.c */
bool handle_verify (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_verify (WebRequest *request, WebResponse *response, GError **error);

/* mandates.c */
bool handle_mandates (WebRequest *request, WebResponse *response, GError **error);
bool handle_mandates_give (WebRequest *request, WebResponse *response, GError **error);
bool handle_mandates_withdraw (WebRequest *request, WebResponse *response, GError **error);

/* api.c */
bool handle_api_health (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_circular (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_tasks (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_clauses (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_clause (WebRequest *request, WebResponse *response, GError **error);
bool handle_api_determinations (WebRequest *request, WebResponse *response, GError **error);
