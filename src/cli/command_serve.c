/* liudong serve: a county's database over HTTP. */
#include "serving.h"

int
command_serve (int argc, char **argv)
{
  g_autofree char *db = NULL, *policy = NULL, *listen = NULL, *notices = NULL, *site = NULL;
  ServingOptions options = { 0 };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &db,
      "the county's database, a file or a postgresql:// URL (default: var/county.db)", "DB" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, "address and port (default: 127.0.0.1:8080)", "ADDRESS" },
    { "notices", 0, 0, G_OPTION_ARG_FILENAME, &notices,
      "how e-mail and SMS leave (docs/notices.md; default: they do not)", "FILE" },
    { "site", 0, 0, G_OPTION_ARG_STRING, &site,
      "where people find the pages, for papers that lead to them (default: as the notices file says)",
      "URL" },
    SERVING_AUDIT_ENTRIES (options.audit),
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "", "Serve the pages and the JSON interface until Ctrl-C.", entries,
                   &status)) {
    g_autoptr (PolicyPackage) package = cli_load_package ("serve", policy, &status);
    options.db = db ? db : "var/county.db";
    options.notices = notices;
    options.site = site;
    options.listen = listen ? listen : "127.0.0.1:8080";
    if (package)
      status = serving_run ("serve", package, &options);
  }
  audit_files_clear (&options.audit);
  return status;
}
