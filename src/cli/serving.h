/* Serving, shared by `demo` and `serve`. */
#pragma once

#include "audit_files.h"
#include "cli.h"
#include "web/web.h"

typedef struct {
  const char *db;      /* a file or a URL */
  const char *listen;  /* NULL: 127.0.0.1:8080 */
  const char *notices; /* the file that says how notices leave, or NULL: by the inbox alone */
  const char *site;    /* where people find the pages; NULL: as NOTICES says, else the address listened on */
  AuditFiles audit;    /* where the audit log is signed and its heads are kept; completed */
  size_t n_showcases;  /* of a demo county: whom to open first */
  const WebShowcase *showcases;
  gint64 showcases_from; /* of how many residents a county must be to have them */
} ServingOptions;

/* Open the database with PACKAGE's schema, sign its audit log, listen, print the
 * addresses and the demo accounts, wait for a signal.  Returns the exit status. */
int serving_run (const char *command, const PolicyPackage *package, ServingOptions *options);
/* --heads and --audit-key, for both commands. */
#define SERVING_AUDIT_ENTRIES(files)                                                                         \
  { "heads",                                                                                                 \
    0,                                                                                                       \
    0,                                                                                                       \
    G_OPTION_ARG_FILENAME,                                                                                   \
    &(files).heads,                                                                                          \
    "where signed heads of the audit log are kept, best on another machine (default: DB.heads)",             \
    "PATH" },                                                                                                \
  {                                                                                                          \
    "audit-key", 0, 0, G_OPTION_ARG_FILENAME, &(files).key,                                                  \
        "the key that signs them, made when not there (default: DB.audit-key)", "FILE"                       \
  }
