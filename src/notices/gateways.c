/* The file that says how letters leave: docs/notices.md. */
#include "notices/notices_private.h"

#include <string.h>

enum {
  GIVE_UP_DAYS = 3,
  RETRY_S = 30,
  RETRY_MAX_S = 3600,
  LEASE_S = 2 * GATEWAY_TIMEOUT_S + 30,
  MOST_DAYS = 30,
};

typedef struct {
  YamlFile file;
  Arena *arena;
  const char *folder; /* of the file: other files are named from here */
  NoticesGateways *gateways;
} Reading;

NoticesGateways *
notices_gateways_new (void)
{
  NoticesGateways *g = g_new0 (NoticesGateways, 1);
  g->give_up_days = GIVE_UP_DAYS;
  g->retry_s = RETRY_S;
  g->retry_max_s = RETRY_MAX_S;
  g->lease_s = LEASE_S;
  g->seed = g_random_int ();
  return g;
}

void
notices_gateways_free (NoticesGateways *gateways)
{
  if (!gateways)
    return;
  for (int way = 0; way < NOTICES_WAYS; way++)
    if (gateways->channels[way].free)
      gateways->channels[way].free (gateways->channels[way].channel);
  g_free (gateways->site);
  g_free (gateways->place[0]);
  g_free (gateways->place[1]);
  g_free (gateways);
}

/* ---- values ---------------------------------------------------------------- */

/* NULL where KEY is absent. */
static bool
get_text (Reading *r, const yaml_node_t *node, const char *key, bool required, const char **value,
          GError **error)
{
  Text text = { 0 };
  if (!yaml_get_text (&r->file, node, key, required, &text, error))
    return false;
  *value = text.len ? arena_text (r->arena, text) : NULL;
  if (*value && strpbrk (*value, "\r\n"))
    return yaml_fail (&r->file, node, error, "\"%s\" is one line", key);
  return true;
}

static bool
get_number (Reading *r, const yaml_node_t *node, const char *key, int least, int most, int *value,
            GError **error)
{
  const char *text;
  gint64 number;
  if (!get_text (r, node, key, false, &text, error))
    return false;
  if (!text)
    return true;
  if (!g_ascii_string_to_signed (text, 10, least, most, &number, NULL))
    return yaml_fail (&r->file, node, error, "%s: \"%s\" is no number from %d to %d", key, text, least, most);
  *value = (int)number;
  return true;
}

/* What the file named by KEY says, without the end of its line. */
static bool
get_secret (Reading *r, const yaml_node_t *node, const char *key, bool required, const char **value,
            GError **error)
{
  const char *name;
  g_autofree char *secret = NULL;
  if (!get_text (r, node, key, required, &name, error))
    return false;
  *value = NULL;
  if (!name)
    return true;
  g_autofree char *path = g_canonicalize_filename (name, r->folder);
  if (!g_file_get_contents (path, &secret, NULL, NULL))
    return yaml_fail (&r->file, node, error, "%s: %s cannot be read", key, path);
  g_strchomp (secret);
  if (!*secret || strpbrk (secret, "\r\n"))
    return yaml_fail (&r->file, node, error, "%s: %s should hold one line", key, path);
  *value = arena_text (r->arena, text_of (secret));
  return true;
}

static bool
get_file (Reading *r, const yaml_node_t *node, const char *key, const char **value, GError **error)
{
  const char *name;
  if (!get_text (r, node, key, false, &name, error))
    return false;
  g_autofree char *path = name ? g_canonicalize_filename (name, r->folder) : NULL;
  *value = path ? arena_text (r->arena, text_of (path)) : NULL;
  return true;
}

/* A URL of one of SCHEMES ("smtp", "smtps"), and whether it stays on this machine. */
static bool
get_url (Reading *r, const yaml_node_t *node, const char *const *schemes, const char **value, bool *here,
         GError **error)
{
  if (!get_text (r, node, "url", true, value, error))
    return false;
  g_autoptr (GUri) uri = *value ? g_uri_parse (*value, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  if (!host || !*host || g_uri_get_userinfo (uri) || !g_strv_contains (schemes, g_uri_get_scheme (uri)))
    return yaml_fail (&r->file, node, error, "url: %s is none of %s://host:port, without a password",
                      *value ? *value : "", schemes[0]);
  *here = g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1") || g_str_equal (host, "localhost");
  return true;
}

/* ---- channels ---------------------------------------------------------------- */

static bool
read_email (Reading *r, yaml_node_t *node, GError **error)
{
  static const char *const keys[]
      = { "url", "tls", "from", "name", "user", "password_file", "authorities", NULL },
      *const schemes[] = { "smtp", "smtps", NULL };
  EmailSettings s = { 0 };
  const char *tls;
  bool here;
  if (!yaml_check_mapping (&r->file, node, keys, "email", error)
      || !get_url (r, node, schemes, &s.url, &here, error) || !get_text (r, node, "tls", false, &tls, error)
      || !get_text (r, node, "from", true, &s.from, error)
      || !get_text (r, node, "name", false, &s.name, error)
      || !get_text (r, node, "user", false, &s.user, error)
      || !get_secret (r, node, "password_file", s.user, &s.password, error)
      || !get_file (r, node, "authorities", &s.authorities, error))
    return false;
  if (tls && !g_str_equal (tls, "required") && !g_str_equal (tls, "none"))
    return yaml_fail (&r->file, node, error, "tls: is \"required\" (the default) or \"none\", not \"%s\"",
                      tls);
  s.plain = tls && g_str_equal (tls, "none");
  if (s.plain && !here)
    return yaml_fail (&r->file, node, error, "tls: none is for a server on this machine alone");
  if (!s.from || !choice_check_address (NOTICES_EMAIL, s.from, NULL))
    return yaml_fail (&r->file, node, error, "from: is an e-mail address");
  r->gateways->channels[NOTICES_EMAIL] = email_channel (&s);
  return true;
}

static bool
read_sms (Reading *r, yaml_node_t *node, GError **error)
{
  static const char *const keys[] = { "url", "key_file", "signature", "authorities", NULL }, *const schemes[]
                                                                                             = { "https",
                                                                                                 "http",
                                                                                                 NULL };
  SmsSettings s = { 0 };
  bool here;
  if (!yaml_check_mapping (&r->file, node, keys, "sms", error)
      || !get_url (r, node, schemes, &s.url, &here, error)
      || !get_secret (r, node, "key_file", true, &s.key, error)
      || !get_text (r, node, "signature", false, &s.signature, error)
      || !get_file (r, node, "authorities", &s.authorities, error))
    return false;
  if (!here && !g_str_has_prefix (s.url, "https://"))
    return yaml_fail (&r->file, node, error, "url: http:// is for a gateway on this machine alone");
  r->gateways->channels[NOTICES_SMS] = sms_channel (&s);
  return true;
}

static bool
read_file (Reading *r, GError **error)
{
  static const char *const keys[]
      = { "site", "give_up_days", "retry_seconds", "retry_max_seconds", "email", "sms", NULL };
  NoticesGateways *g = r->gateways;
  yaml_node_t *root = yaml_file_root (&r->file);
  const char *site;
  if (!yaml_check_mapping (&r->file, root, keys, "the notices file", error)
      || !get_text (r, root, "site", true, &site, error)
      || !get_number (r, root, "give_up_days", 1, MOST_DAYS, &g->give_up_days, error)
      || !get_number (r, root, "retry_seconds", 1, RETRY_MAX_S, &g->retry_s, error)
      || !get_number (r, root, "retry_max_seconds", 1, 24 * 3600, &g->retry_max_s, error))
    return false;
  if (!site || !(g_str_has_prefix (site, "https://") || g_str_has_prefix (site, "http://")))
    return yaml_fail (&r->file, root, error, "site: is where people find the pages, https://…");
  g->site = g_strdup (site);
  if (g_str_has_suffix (g->site, "/"))
    g->site[strlen (g->site) - 1] = 0;
  yaml_node_t *email = yaml_get (&r->file, root, "email"), *sms = yaml_get (&r->file, root, "sms");
  return (!email || read_email (r, email, error)) && (!sms || read_sms (r, sms, error));
}

NoticesGateways *
notices_gateways_read (const char *path, GError **error)
{
  g_autofree char *source = NULL, *folder = g_path_get_dirname (path),
                  *absolute = g_canonicalize_filename (folder, NULL);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) fault = NULL;
  gsize len;
  if (!g_file_get_contents (path, &source, &len, &fault)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s", fault->message);
    return NULL;
  }
  g_autoptr (NoticesGateways) gateways = notices_gateways_new ();
  Reading r = { .arena = arena, .folder = absolute, .gateways = gateways };
  if (!yaml_file_parse (&r.file, path, (Text){ source, len }, error))
    return NULL;
  bool ok = read_file (&r, error);
  yaml_file_clear (&r.file);
  return ok ? g_steal_pointer (&gateways) : NULL;
}
