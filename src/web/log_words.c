/* An entry of the audit log in words. */
#include "web/log_words.h"
#include "web/determine.h"
#include "web/view.h"

#include <string.h>

#define SAY(page, message) message_text ((page)->arena, (page)->language, (message), NULL, 0)

const char *
log_act (const Page *page, AuditAct act)
{
  static const Message messages[AUDIT_N_ACTS] = {
    [AUDIT_READ] = MESSAGE_act_read,     [AUDIT_REFUSED] = MESSAGE_act_refused,
    [AUDIT_SEARCH] = MESSAGE_act_search, [AUDIT_RUN] = MESSAGE_act_run,
    [AUDIT_WRITE] = MESSAGE_act_write,   [AUDIT_EXPORT] = MESSAGE_act_export,
    [AUDIT_LOGIN] = MESSAGE_act_login,   [AUDIT_LOGIN_REFUSED] = MESSAGE_act_login_refused,
    [AUDIT_GRANT] = MESSAGE_act_grant,   [AUDIT_ADMIN] = MESSAGE_act_admin,
    [AUDIT_ERASE] = MESSAGE_act_erase,
  };
  return SAY (page, messages[act]);
}

/* Department, role, and the account's name. */
const char *
log_who (const WebRequest *request, const Page *page, const AuditEntry *e)
{
  AccessRole role;
  if (request->account && e->actor && g_str_equal (e->actor, request->account->name))
    return SAY (page, MESSAGE_log_self);
  const AccessName *name = e->role && access_role_parse (e->role, &role) ? access_role_name (role) : NULL;
  return arena_printf (page->arena, "%s%s%s%s%s", e->department ? e->department : "",
                       e->department ? " " : "",
                       name      ? page_label (page, name->zh, name->en)
                       : e->role ? e->role
                                 : "",
                       name || e->role ? " · " : "", e->actor ? e->actor : "");
}

/* A clause by its title, a duty by its name, one's own sake; whatever else as it is. */
const char *
log_why (const WebRequest *request, const Page *page, const char *purpose, const char **link)
{
  if (!purpose)
    return "—";
  if (g_str_has_prefix (purpose, "clause-")) {
    const PolicyClause *clause = web_find_clause (request, purpose + strlen ("clause-"), NULL);
    if (clause) {
      *link = arena_printf (page->arena, "/clauses/%d", clause->number);
      return view_clause_title (page, clause);
    }
  }
  if (g_str_equal (purpose, "self"))
    return SAY (page, MESSAGE_log_self);
  for (int r = 0; r < ACCESS_RIGHTS; r++) {
    const AccessName *name = access_right_name ((AccessRight)r);
    if (g_str_equal (name->id, purpose))
      return page_label (page, name->zh, name->en);
  }
  return purpose;
}

const char *
log_what (const WebRequest *request, const Page *page, const char *detail)
{
  return rights_access_words (request->web->rights, page->arena, detail, page->language == LANGUAGE_EN);
}
