/* liudong account: who may log in, as what. */
#include "cli.h"

#include "access/access.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

typedef struct {
  char *db, *policy, *role, *department, *subject, *zh, *en;
  gboolean password_stdin;
  const char *name;
} Options;

typedef struct {
  const Options *options;
  Access *access;
  const RegistrySchema *schema;
  const AccessAccount *by;
  Arena *arena;
} Task;

/* ---- passwords --------------------------------------------------------- */

/* A line of standard input, without its end. */
static char *
read_line (Arena *arena)
{
  char buffer[1024];
  if (!fgets (buffer, sizeof buffer, stdin))
    return NULL;
  buffer[strcspn (buffer, "\r\n")] = '\0';
  char *line = arena_text (arena, text_of (buffer));
  memset (buffer, 0, sizeof buffer);
  return line;
}

static char *
ask (Arena *arena, const char *prompt)
{
  struct termios old, quiet;
  bool terminal = tcgetattr (STDIN_FILENO, &old) == 0;
  fputs (prompt, stderr);
  quiet = old;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  if (terminal)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  char *line = read_line (arena);
  if (terminal)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &old);
  fputc ('\n', stderr);
  return line;
}

/* Never from the command line, where every user of the machine could read it. */
static const char *
read_password (const Task *task, GError **error)
{
  if (!task->options->password_stdin && !isatty (STDIN_FILENO)) {
    g_set_error (
        error, FAULT, FAULT_USAGE,
        "there is no terminal to ask for the password; give it on standard input with --password-stdin");
    return NULL;
  }
  const char *password
      = task->options->password_stdin ? read_line (task->arena) : ask (task->arena, "Password: ");
  const char *again = task->options->password_stdin ? password : ask (task->arena, "Once more: ");
  if (password && again && g_str_equal (password, again))
    return password;
  g_set_error (error, FAULT, FAULT_USAGE,
               password && again ? "the two passwords differ" : "no password was given on standard input");
  return NULL;
}

/* ---- verbs ------------------------------------------------------------- */

static bool
read_role (const Task *task, AccessRole *role, GError **error)
{
  if (task->options->role && access_role_parse (task->options->role, role)
      && (int)*role < ACCESS_ACCOUNT_ROLES)
    return true;
  g_autoptr (GString) roles = g_string_new (NULL);
  for (int i = 0; i < ACCESS_ACCOUNT_ROLES; i++)
    g_string_append_printf (roles, "%s%s", i ? ", " : "", access_role_name ((AccessRole)i)->id);
  g_set_error (error, FAULT, FAULT_USAGE, "--role is one of %s", roles->str);
  return false;
}

static bool
add (const Task *task, GError **error)
{
  const Options *o = task->options;
  AccessAccount account = { .name = o->name, .department = o->department };
  account.zh = o->zh ? o->zh : o->name;
  account.en = o->en ? o->en : account.zh;
  if (!read_role (task, &account.role, error))
    return false;
  if (o->subject && !registry_subject_parse (task->schema, text_of (o->subject), &account.subject)) {
    g_set_error (error, FAULT, FAULT_USAGE, "--subject %s is no subject; write resident-1, park-1 …",
                 o->subject);
    return false;
  }
  const char *password = read_password (task, error);
  return password && access_add (task->access, task->by, &account, password, error);
}

static void
write_account (JsonWriter *w, const Task *task, const AccessAccount *a)
{
  json_begin_object (w);
  json_member_str (w, "name", a->name);
  json_member_str (w, "role", access_role_name (a->role)->id);
  json_member_str (w, "department", a->department);
  json_member_str (w, "subject",
                   a->subject ? registry_subject_format (task->arena, task->schema, a->subject) : NULL);
  json_member_str (w, "zh", a->zh);
  json_member_str (w, "en", a->en);
  json_member_bool (w, "disabled", a->disabled);
  json_member_bool (w, "second_factor", a->has_code);
  json_member_bool (w, "demo", a->demo);
  json_end_object (w);
}

static bool
list (const Task *task, GError **error)
{
  size_t n;
  const AccessAccount *accounts = access_accounts (task->access, task->arena, &n, error);
  if (!accounts)
    return false;
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    write_account (w, task, &accounts[i]);
  json_end_array (w);
  json_writer_free (w);
  puts (out->str);
  return true;
}

static bool
set_role (const Task *task, GError **error)
{
  AccessRole role;
  return read_role (task, &role, error)
         && access_set_role (task->access, task->by, task->options->name, role, task->options->department,
                             error);
}

static bool
disable (const Task *task, GError **error)
{
  return access_disable (task->access, task->by, task->options->name, true, error);
}

static bool
enable (const Task *task, GError **error)
{
  return access_disable (task->access, task->by, task->options->name, false, error);
}

static bool
reset_code (const Task *task, GError **error)
{
  return access_reset_code (task->access, task->by, task->options->name, error);
}

static bool
unlock (const Task *task, GError **error)
{
  return access_unlock (task->access, task->by, task->options->name, error);
}

static bool
set_password (const Task *task, GError **error)
{
  const char *password = read_password (task, error);
  return password && access_reset_password (task->access, task->by, task->options->name, password, error);
}

static const struct {
  const char *name;
  bool (*run) (const Task *task, GError **error);
  bool takes_name;
  const char *help;
} verbs[] = {
  { "add", add, true, "Add an account; the password is asked for, or read from standard input." },
  { "list", list, false, "List all accounts as JSON." },
  { "role", set_role, true, "Change an account's role and department." },
  { "password", set_password, true, "Set a new password." },
  { "disable", disable, true, "Keep an account from logging in." },
  { "enable", enable, true, "Let a disabled account log in again." },
  { "unlock", unlock, true, "Forget failed attempts, so that the owner need not wait." },
  { "reset-totp", reset_code, true,
    "Forget an account's second factor; it is set up anew at the next login." },
};

/* ---- running ----------------------------------------------------------- */

static int
run (size_t verb, const Options *o)
{
  int status;
  GError *error = NULL;
  if (!o->db || (verbs[verb].takes_name && !o->name))
    return cli_fail ("account", g_error_new (FAULT, FAULT_USAGE, "write liudong account %s --db FILE%s",
                                             verbs[verb].name, verbs[verb].takes_name ? " NAME" : ""));
  g_autoptr (PolicyPackage) package = cli_load_package ("account", o->policy, &status);
  if (!package)
    return status;
  g_autoptr (Registry) registry = registry_open (o->db, 0, policy_schema (package), &error);
  g_autoptr (Access) access = registry ? access_open (registry, &error) : NULL;
  if (!access)
    return cli_fail ("account", error);
  g_autoptr (Arena) arena = arena_new ();
  Task task = { o, access, policy_schema (package), access_operator (arena, NULL), arena };
  return verbs[verb].run (&task, &error) ? CLI_DONE : cli_fail ("account", error);
}

static int
usage (void)
{
  fputs ("liudong account: say what to do:", stderr);
  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    fprintf (stderr, "%s %s", i ? "," : "", verbs[i].name);
  fputs ("; liudong account add --help tells the options\n", stderr);
  return CLI_USAGE;
}

int
command_account (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the county's database", "FILE|URL" },
    { "role", 0, 0, G_OPTION_ARG_STRING, &o.role, "resident, representative, counter_clerk, case_worker …",
      "ROLE" },
    { "department", 0, 0, G_OPTION_ARG_STRING, &o.department, "as the circular writes it: 县民政局", "NAME" },
    { "subject", 0, 0, G_OPTION_ARG_STRING, &o.subject, "whom a resident or representative stands for",
      "ID" },
    { "zh", 0, 0, G_OPTION_ARG_STRING, &o.zh, "shown name (default: the account's)", "NAME" },
    { "en", 0, 0, G_OPTION_ARG_STRING, &o.en, "shown name in English", "NAME" },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &o.password_stdin, "read the password from standard input",
      NULL },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  size_t verb = 0;
  while (argc > 1 && verb < G_N_ELEMENTS (verbs) && !g_str_equal (verbs[verb].name, argv[1]))
    verb++;
  if (argc < 2 || verb == G_N_ELEMENTS (verbs))
    return usage ();
  g_autofree char *command = g_strconcat ("account ", argv[1], NULL);
  argv[1] = command;
  argc--;
  argv++;
  int status;
  if (cli_options (&argc, &argv, verbs[verb].takes_name ? "NAME" : "", verbs[verb].help, entries, &status)) {
    o.name = argc > 1 ? argv[1] : NULL;
    status = run (verb, &o);
  }
  g_free (o.db);
  g_free (o.policy);
  g_free (o.role);
  g_free (o.department);
  g_free (o.subject);
  g_free (o.zh);
  g_free (o.en);
  return status;
}
