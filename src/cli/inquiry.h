/* What the commands share that ask a county: `barriers`, `batch`, `decide`, `reform` and `sql`.
 * Which database, under which package, as of when and what for; and how an answer is written.
 *
 *     typedef struct {
 *       Inquiry asked; // first: the steps get it and find the command's own options behind it
 *       …
 *     } Options;
 *
 *     Options o = { .asked = { .formats = formats, .clause = CLI_EVERY_CLAUSE } };
 *     … cli_options, with INQUIRY_DB (o.asked) and its like among the entries …
 *     status = inquiry_run (&o.asked, "batch", check_options, batch);
 *     inquiry_clear (&o.asked);
 */
#pragma once

#include "cli.h"

typedef struct {
  const char *const *formats; /* what --format may be, ending with NULL; NULL where there is no choice */
  char *db, *policy, *as_of, *format, *purpose; /* as given */
  int clause, threads;
  Day day;                /* from inquiry_check */
  PolicyPackage *package; /* from inquiry_load */
  Registry *registry;     /* these from inquiry_open */
  Access *access;
} Inquiry;

#define INQUIRY_DB(q)                                                                                        \
  ((GOptionEntry){ "db", 0, 0, G_OPTION_ARG_FILENAME, &(q).db,                                               \
                   "the county's database, a file or a postgresql:// URL", "DB" })
#define INQUIRY_CLAUSE(q)                                                                                    \
  ((GOptionEntry){ "clause", 0, 0, G_OPTION_ARG_INT, &(q).clause, "this clause alone (default: all)", "N" })
#define INQUIRY_AS_OF(q)                                                                                     \
  ((GOptionEntry){ "as-of", 0, 0, G_OPTION_ARG_STRING, &(q).as_of, "evaluation date (default: today)",       \
                   "DATE" })
#define INQUIRY_THREADS(q)                                                                                   \
  ((GOptionEntry){ "threads", 0, 0, G_OPTION_ARG_INT, &(q).threads, "how many work on it (default: 2)", "N" })
#define INQUIRY_POLICY(q)                                                                                    \
  ((GOptionEntry){ "policy", 0, 0, G_OPTION_ARG_FILENAME, &(q).policy,                                       \
                   "the policy package (default: policy/minhou-2021-81)", "DIR" })

/* Check and load, then ANSWER, which opens the database when it is ready; CHECK (NULL: nothing more)
 * looks at the command's own options after the shared ones.  The status to exit with. */
typedef bool (*InquiryStep) (Inquiry *q, GError **error);
int inquiry_run (Inquiry *q, const char *command, InquiryStep check, InquiryStep answer);
/* --db is there, --format and --as-of can be read, --threads is within bounds; else FAULT_USAGE. */
bool inquiry_check (Inquiry *q, GError **error);
/* The package; false with the STATUS to exit with after COMMAND has said why. */
bool inquiry_load (Inquiry *q, const char *command, int *status);
/* The database, for the purposes of the package's clauses; the errors of registry_open and access_open. */
bool inquiry_open (Inquiry *q, GError **error);
void inquiry_clear (Inquiry *q);
/* Frees W, which wrote TEXT, and writes that with a last line feed to OUT, as cli_write. */
bool inquiry_write_json (const char *out, JsonWriter *w, GString *text, GError **error);
