#include "serving.h"

#include "access/access.h"
#include "changes.h"
#include "demo_accounts.h"
#include "web/web.h"

#include <stdio.h>

static void
print_addresses (const char *url, Access *access)
{
  g_autoptr (Arena) arena = arena_new ();
  printf ("\n  流动通 liudong 已就绪，请在浏览器中打开 / is ready, open\n\n"
          "    %s/           首页 start\n"
          "    %s/circular   文件与任务表 the circular and its tasks\n"
          "    %s/me         我能享受什么 what am I entitled to\n",
          url, url, url);
  size_t n;
  GError *error = NULL;
  const AccessAccount *accounts = access_demo_accounts (access, arena, &n, &error);
  g_clear_error (&error);
  if (n)
    printf ("\n  演示账号（密码均为 %s，仅限本机）/ demo accounts (all with the password %s, this machine "
            "only)\n\n",
            DEMO_PASSWORD, DEMO_PASSWORD);
  for (size_t i = 0; i < n; i++)
    printf ("    %-10s %s / %s\n", accounts[i].name, accounts[i].zh, accounts[i].en);
  puts ("\n  按 Ctrl-C 停止 / press Ctrl-C to stop\n");
  fflush (stdout);
}

/* By the package's parameter; without a value no limit is promised. */
static RightsTerms
terms_of (const PolicyPackage *package)
{
  RightsTerms terms = { .calendar = policy_workdays (package) };
  const PolicyParameter *days = policy_parameter (package, "correction_answer_days");
  const PolicyParameterValue *value = days ? policy_parameter_at (days, civil_today ()) : NULL;
  gint64 number;
  if (value && value->value.kind == FEEL_NUMBER && decimal_to_int64 (value->value.number, &number)
      && number > 0 && number <= 250)
    terms.working_days = (int)number;
  return terms;
}

/* How notices leave: by the file at PATH, or not at all. */
static NoticesGateways *
gateways_of (const char *path, const PolicyPackage *package, GError **error)
{
  NoticesGateways *gateways = path ? notices_gateways_read (path, error) : notices_gateways_new ();
  PolicyText place = policy_circular (package)->place;
  if (gateways) {
    gateways->place[0] = g_strdup (place.zh);
    gateways->place[1] = g_strdup (place.en ? place.en : place.zh);
  }
  return gateways;
}

/* Papers carry it for years: it must be one that a telephone can open, and codes are added behind it. */
static bool
check_site (const char *site, GError **error)
{
  bool ok = !site
            || ((g_str_has_prefix (site, "https://") || g_str_has_prefix (site, "http://"))
                && strlen (site) <= 200 && !g_str_has_suffix (site, "/") && !strpbrk (site, " ?#\"<>"));
  if (!ok)
    g_set_error (error, FAULT, FAULT_USAGE,
                 "--site is where people find the pages, such as https://bs.example.org, not \"%s\"", site);
  return ok;
}

enum { LOOK_AT_CALENDAR_MS = 20000 };

int
serving_run (const char *command, const PolicyPackage *package, ServingOptions *options)
{
  const char *db = options->db, *listen = options->listen;
  GError *error = NULL;
  if (!check_site (options->site, &error))
    return cli_fail (command, error);
  web_hold_signals ();
  changes_print (stderr, db, policy_schema (package), NULL,
                 NULL); /* a database that cannot be read is said next */
  g_autoptr (Registry) registry = registry_open (db, 0, policy_schema (package), &error);
  if (!registry)
    return cli_fail (command, error);
  /* The current tables hold one day's values: today's, and tomorrow tomorrow's. */
  if (!registry_refresh (registry, civil_today (), &error))
    return cli_fail (command, error);
  g_autoptr (RegistryFollower) follower
      = registry_follower_start (registry, civil_today, LOOK_AT_CALENDAR_MS, &error);
  if (!follower)
    return cli_fail (command, error);
  audit_files_complete (&options->audit, db);
  AuditOptions signing = { .key_file = options->audit.key, .heads = options->audit.heads };
  g_autoptr (Audit) audit = audit_start (registry_store (registry), &signing, &error);
  if (!audit)
    return cli_fail (command, error);
  g_autoptr (Access) access = access_open (registry, &error);
  if (!access)
    return cli_fail (command, error);
  RightsTerms terms = terms_of (package);
  g_autoptr (Rights) rights = rights_open (registry, &terms, &error);
  if (!rights)
    return cli_fail (command, error);
  g_autoptr (NoticesGateways) gateways = gateways_of (options->notices, package, &error);
  g_autoptr (Notices) notices = gateways ? notices_open (registry_store (registry), &error) : NULL;
  g_autoptr (NoticesSender) sender = notices ? notices_start (notices, gateways, &error) : NULL;
  if (!sender)
    return cli_fail (command, error);
  g_autoptr (Agents) agents = agents_open (package, registry, &error);
  if (!agents)
    return cli_fail (command, error);
  CasesOptions handling
      = { .package = package, .registry = registry, .access = access, .agents = agents, .notices = notices };
  g_autoptr (Cases) cases = cases_open (&handling, &error);
  if (!cases)
    return cli_fail (command, error);
  g_autoptr (CasesKeeper) keeper = cases_keep (cases, &error);
  if (!keeper)
    return cli_fail (command, error);
  g_autoptr (Decisions) decisions = decisions_open (registry_store (registry), &error);
  if (!decisions)
    return cli_fail (command, error);
  RegistersOptions keeping = { .package = package, .registry = registry, .access = access };
  g_autoptr (Registers) registers = registers_open (&keeping, &error);
  if (!registers)
    return cli_fail (command, error);
  gint64 residents = 0;
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  if (options->n_showcases && resident && !registry_count (registry, resident, &residents, &error))
    return cli_fail (command, error);
  WebOptions serving = { .listen = listen,
                         .site = options->site      ? options->site
                                 : options->notices ? gateways->site
                                                    : NULL,
                         .package = package,
                         .registry = registry,
                         .access = access,
                         .rights = rights,
                         .decisions = decisions,
                         .agents = agents,
                         .cases = cases,
                         .notices = notices,
                         .registers = registers,
                         .gateways = gateways,
                         .audit = audit,
                         .n_showcases = residents < options->showcases_from ? 0 : options->n_showcases,
                         .showcases = options->showcases };
  g_autoptr (WebServer) server = web_start (&serving, &error);
  if (!server)
    return cli_fail (command, error);
  print_addresses (web_server_url (server), access);
  web_wait ();
  return CLI_DONE;
}
