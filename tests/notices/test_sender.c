/* What leaves: once each however it goes wrong, by real servers on this machine that take, refuse, put off or
 * never answer; senders killed and two at once; and never in anybody's way. */
#include "notices/notices_private.h"
#include "support.h"

#include <locale.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 20000, NOON = 4 * 3600 /* UTC */ };

static char *program;

/* A store of its own with a clock that stands until it is moved. */
typedef struct {
  char *folder, *path;
  Store *store;
  Notices *notices;
  _Atomic gint64 now;
} House;

static gint64
house_now (gpointer data)
{
  return atomic_load (&((House *)data)->now);
}

static House *
house_new (void)
{
  House *h = g_new0 (House, 1);
  GError *error = NULL;
  h->folder = support_folder ();
  h->path = support_store (h->folder, "sender.db");
  h->now = 20000 * (gint64)86400 + NOON;
  h->store = store_open (h->path, STORE_CREATE, NULL, 0, &error);
  g_assert_no_error (error);
  h->notices = notices_open (h->store, &error);
  g_assert_no_error (error);
  notices_set_clock (h->notices, house_now, h);
  return h;
}

static void
house_free (House *h)
{
  notices_free (h->notices);
  store_close (h->store);
  support_remove (h->folder);
  g_free (h->path);
  g_free (h->folder);
  g_free (h);
}

static bool
put_some (StoreConnection *db, gpointer data, GError **error)
{
  return notices_put (db, data, error);
}

static void
put_one (House *h, Subject subject, const char *contact)
{
  static const NoticeWord words[]
      = { { "number", "A-2026-1", NULL }, { "matter", "临时救助", "Temporary aid" } };
  Notice notice = { .subject = subject,
                    .kind = "case-accepted",
                    .words = words,
                    .n_words = G_N_ELEMENTS (words),
                    .contact = contact,
                    .at = house_now (h) };
  GError *error = NULL;
  store_write (h->store, put_some, &notice, &error);
  g_assert_no_error (error);
}

static NoticesCount
counts (House *h, NoticesWay way)
{
  NoticesCount count;
  GError *error = NULL;
  notices_count (h->notices, way, &count, &error);
  g_assert_no_error (error);
  return count;
}

/* Until nothing waits by WAY. */
static NoticesCount
wait_empty (House *h, NoticesWay way)
{
  NoticesCount count;
  for (int i = 0; i < WAIT_MS / 20 && (count = counts (h, way)).waiting; i++)
    g_usleep (20000);
  return count;
}

static size_t
unread (House *h, Subject subject)
{
  AccessAccount who = { .name = "nobody-else", .role = ACCESS_RESIDENT, .subject = subject };
  size_t n;
  g_assert_true (notices_unread (h->notices, &who, &n, NULL));
  return n;
}

/* ---- a channel that does as it is told ------------------------------------ */

typedef struct {
  _Atomic int verdict, sent;
  char last[33];
} Told;

static NoticeVerdict
told_send (gpointer channel, const NoticeLetter *letter, char trouble[NOTICE_TROUBLE_MAX])
{
  Told *told = channel;
  if (told->sent == 0)
    g_strlcpy (told->last, letter->id, sizeof told->last);
  else
    g_assert_cmpstr (told->last, ==, letter->id); /* the same id at each attempt */
  told->sent++;
  g_strlcpy (trouble, "told so", NOTICE_TROUBLE_MAX);
  return (NoticeVerdict)told->verdict;
}

static NoticesGateways *
gateways_told (Told *told)
{
  NoticesGateways *g = notices_gateways_new ();
  g->channels[NOTICES_SMS] = (NoticeChannel){ told_send, NULL, told };
  g->seed = 7;
  return g;
}

static gint64
query (House *h, const char *sql)
{
  gint64 value = -1;
  g_autoptr (StoreReader) reader = store_reader (h->store, NULL);
  g_assert_true (store_query (store_reader_db (reader), sql, -1, &value, NULL));
  return value;
}

/* One turn of a sender, without its thread: what it takes it carries by the channel. */
static bool
turn (House *h, const NoticesGateways *g, NoticeVerdict verdict, gint64 pause)
{
  g_autoptr (Arena) arena = arena_new ();
  QueueStep step = { .notices = h->notices, .gateways = g, .way = NOTICES_SMS, .arena = arena, .take = true };
  g_assert_true (queue_step (&step, NULL));
  if (!step.taken.id)
    return false;
  QueueLetter done = step.taken;
  done.verdict = verdict;
  done.pause = pause;
  done.trouble = "told so";
  QueueStep back
      = { .notices = h->notices, .gateways = g, .way = NOTICES_SMS, .arena = arena, .done = &done };
  g_assert_true (queue_step (&back, NULL));
  return true;
}

/* Put off and taken again when its time has come, given up after days, and the reader told. */
static void
test_given_up (void)
{
  House *h = house_new ();
  Told told = { 0 };
  g_autoptr (NoticesGateways) g = gateways_told (&told);
  put_one (h, 5, "13900000001");
  g_assert_true (turn (h, g, NOTICE_LATER, 60));
  g_assert_false (turn (h, g, NOTICE_LATER, 60));
  h->now += 60;
  g_assert_true (turn (h, g, NOTICE_AWAY, 60));
  g_assert_cmpint (query (h, "SELECT attempts FROM notice_delivery"), ==, 2);
  g_assert_cmpuint (unread (h, 5), ==, 1);
  h->now += (gint64)g->give_up_days * 86400;
  g_assert_false (turn (h, g, NOTICE_SENT, 0));
  g_assert_cmpint (counts (h, NOTICES_SMS).given_up, ==, 1);
  g_assert_cmpint (query (h, "SELECT count(*) FROM notice_delivery WHERE address IS NOT NULL"), ==, 0);
  g_assert_cmpuint (unread (h, 5), ==, 2); /* the notice, and that it did not arrive outside */
  house_free (h);
}

static void
test_refused (void)
{
  House *h = house_new ();
  Told told = { 0 };
  g_autoptr (NoticesGateways) g = gateways_told (&told);
  put_one (h, 5, "13900000001");
  put_one (h, 5, "13900000001");
  g_assert_true (turn (h, g, NOTICE_REFUSED, 0));
  g_assert_true (turn (h, g, NOTICE_REFUSED, 0));
  g_assert_false (turn (h, g, NOTICE_REFUSED, 0));
  g_assert_cmpint (counts (h, NOTICES_SMS).refused, ==, 2);
  g_assert_cmpuint (unread (h, 5), ==, 3); /* told once a day */
  house_free (h);
}

/* A lease that nobody gives back ends by itself, and the late answer of who had it changes nothing but
 * "sent". */
static void
test_lease (void)
{
  House *h = house_new ();
  Told told = { 0 };
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (NoticesGateways) g = gateways_told (&told);
  put_one (h, 5, "13900000001");
  QueueStep slow = { .notices = h->notices, .gateways = g, .way = NOTICES_SMS, .arena = arena, .take = true };
  g_assert_true (queue_step (&slow, NULL));
  QueueLetter had = slow.taken;
  g_assert_cmpint (had.id, >, 0);
  g_assert_false (turn (h, g, NOTICE_SENT, 0));
  h->now += g->lease_s;
  QueueStep second
      = { .notices = h->notices, .gateways = g, .way = NOTICES_SMS, .arena = arena, .take = true };
  g_assert_true (queue_step (&second, NULL));
  g_assert_cmpint (second.taken.id, ==, had.id);
  g_assert_cmpstr (second.taken.message, ==, had.message);
  had.verdict = NOTICE_LATER;
  slow
      = (QueueStep){ .notices = h->notices, .gateways = g, .way = NOTICES_SMS, .arena = arena, .done = &had };
  g_assert_true (queue_step (&slow, NULL)); /* its lease was over: nothing happens */
  g_assert_false (turn (h, g, NOTICE_SENT, 0));
  second.taken.verdict = NOTICE_SENT;
  QueueStep end
      = { .notices = h->notices, .gateways = g, .way = NOTICES_SMS, .arena = arena, .done = &second.taken };
  g_assert_true (queue_step (&end, NULL));
  g_assert_cmpint (counts (h, NOTICES_SMS).sent, ==, 1);
  house_free (h);
}

static void
test_quiet (void)
{
  static const struct {
    int from, to, minute, left;
  } cases[] = {
    { 22 * 60, 7 * 60, 21 * 60 + 59, 0 },
    { 22 * 60, 7 * 60, 22 * 60, 9 * 60 },
    { 22 * 60, 7 * 60, 0, 7 * 60 },
    { 22 * 60, 7 * 60, 6 * 60 + 59, 1 },
    { 22 * 60, 7 * 60, 7 * 60, 0 },
    { 600, 660, 630, 30 },
    { 600, 660, 660, 0 },
    { 600, 600, 600, 0 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    NoticesChoice choice = { .quiet_from = cases[i].from, .quiet_to = cases[i].to };
    gint64 now = 20000 * (gint64)86400 + (cases[i].minute - 480) * 60;
    g_assert_cmpint (quiet_left (&choice, now), ==, cases[i].left);
  }
  House *h = house_new ();
  Told told = { 0 };
  g_autoptr (NoticesGateways) g = gateways_told (&told);
  h->now = 20000 * (gint64)86400 + (23 - 8) * 3600 + 17; /* 23:00 in Shanghai */
  put_one (h, 5, "13900000001");
  g_assert_false (turn (h, g, NOTICE_SENT, 0));
  h->now += 8 * 3600 - 18;
  g_assert_false (turn (h, g, NOTICE_SENT, 0));
  h->now += 1;
  g_assert_true (turn (h, g, NOTICE_SENT, 0));
  house_free (h);
}

/* The thread: a gateway that is away is asked again after a pause, whatever waits meanwhile. */
static void
test_away (void)
{
  House *h = house_new ();
  Told told = { .verdict = NOTICE_AWAY };
  g_autoptr (NoticesGateways) g = gateways_told (&told);
  g->retry_s = 1;
  put_one (h, 5, "13900000001");
  g_autoptr (NoticesSender) sender = notices_start (h->notices, g, NULL);
  for (int i = 0; i < 200 && !told.sent; i++)
    g_usleep (10000);
  char *trouble = NULL;
  for (int i = 0; i < 200 && !(trouble = notices_trouble (sender, NOTICES_SMS)); i++)
    g_usleep (10000);
  g_assert_cmpstr (trouble, ==, "told so");
  g_free (trouble);
  told.verdict = NOTICE_SENT;
  h->now += 10;
  g_assert_cmpint (wait_empty (h, NOTICES_SMS).sent, ==, 1);
  g_assert_cmpint (told.sent, ==, 2);
  notices_stop (g_steal_pointer (&sender));
  house_free (h);
}

/* ---- real servers ------------------------------------------------------------ */

typedef struct {
  GPid pid;
  int in, port;
  char *file;
} Gateway;

static Gateway *
gateway_start (House *h, const char *kind, const char *mode, const char *certificate, const char *key)
{
  Gateway *g = g_new0 (Gateway, 1);
  g->file = g_build_filename (h->folder, mode, NULL);
  g_autofree char *script = support_source ("tests/notices/gateway.py");
  const char *argv[] = { script, kind, mode, g->file, certificate, key, NULL };
  int out;
  GError *error = NULL;
  g_spawn_async_with_pipes (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &g->pid, &g->in,
                            &out, NULL, &error);
  g_assert_no_error (error);
  char line[16] = "";
  for (size_t len = 0; len < sizeof line - 1 && read (out, line + len, 1) == 1 && line[len] != '\n'; len++)
    ;
  close (out);
  g->port = atoi (line);
  g_assert_cmpint (g->port, >, 0);
  return g;
}

static void
gateway_stop (Gateway *g)
{
  close (g->in);
  waitpid (g->pid, NULL, 0);
  g_free (g->file);
  g_free (g);
}

/* What it took; NULL-terminated lines of JSON. */
static char **
gateway_took (const Gateway *g)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents (g->file, &text, NULL, NULL))
    return g_new0 (char *, 1);
  g_strchomp (text);
  return g_strsplit (text, "\n", -1);
}

static NoticesGateways *
gateways_of (House *h, const char *settings)
{
  g_autofree char *path = g_build_filename (h->folder, "notices.yaml", NULL);
  g_autofree char *secret = g_build_filename (h->folder, "secret", NULL);
  GError *error = NULL;
  g_assert_true (g_file_set_contents (secret, "tell-nobody\n", -1, NULL));
  g_assert_true (g_file_set_contents (path, settings, -1, NULL));
  NoticesGateways *g = notices_gateways_read (path, &error);
  g_assert_no_error (error);
  g->place[0] = g_strdup ("闽侯县");
  g->place[1] = g_strdup ("Minhou County");
  return g;
}

static NoticesGateways *
gateways_mail (House *h, const Gateway *mail, const char *rest)
{
  g_autofree char *settings
      = g_strdup_printf ("site: https://bs.example.org/\nretry_seconds: 1\nemail:\n  url:"
                         " smtp://127.0.0.1:%d\n  from: no-reply@example.org\n  name: "
                         "闽侯县人民政府办事平台，请勿回复本邮件，谢谢\n%s",
                         mail->port, rest);
  return gateways_of (h, settings);
}

static const char *
message_of (Arena *arena, const char *line)
{
  return json_string (json_get (json_parse (arena, text_of (line), "mail", NULL), "message"));
}

static void
test_mail (void)
{
  g_autoptr (Arena) arena = arena_new ();
  House *h = house_new ();
  Gateway *mail = gateway_start (h, "mail", "take", NULL, NULL);
  g_autoptr (NoticesGateways) g = gateways_mail (h, mail, "  tls: none\n");
  put_one (h, 5, "somebody@example.org");
  put_one (h, 6, "else@example.org");
  g_autoptr (NoticesSender) sender = notices_start (h->notices, g, NULL);
  g_assert_cmpint (wait_empty (h, NOTICES_EMAIL).sent, ==, 2);
  notices_stop (g_steal_pointer (&sender));
  g_auto (GStrv) took = gateway_took (mail);
  g_assert_cmpuint (g_strv_length (took), ==, 2);
  const char *message = message_of (arena, took[0]), *body = strstr (message, "\r\n\r\n");
  g_assert_nonnull (strstr (message, "\r\nTo: <somebody@example.org>\r\n"));
  g_assert_nonnull (strstr (message, "\r\nSubject: =?UTF-8?B?"));
  g_assert_nonnull (strstr (message, "@example.org>\r\nAuto-Submitted: auto-generated\r\n"));
  gsize len;
  g_autofree guchar *plain = g_base64_decode (body + 4, &len);
  g_autofree char *text = g_strndup ((char *)plain, len);
  g_assert_nonnull (strstr (text, "闽侯县办事平台有一条给您的新消息"));
  g_assert_nonnull (strstr (text, "https://bs.example.org/me/notices\r\n"));
  g_assert_null (strstr (text, "救助")); /* news and where, never what */
  g_assert_null (strstr (text, "A-2026-1"));
  for (const char *p = message; (p = strstr (p, "\r\n")); p += 2) { /* RFC 5322, 2.1.1; RFC 2047, 2 */
    const char *end = strstr (p + 2, "\r\n");
    g_assert_true (!end || end - p - 2 <= 76);
  }
  gateway_stop (mail);
  house_free (h);
}

static void
test_mail_modes (void)
{
  static const struct {
    const char *mode;
    gint64 refused, waiting;
  } cases[] = { { "refuse", 1, 0 }, { "later", 0, 1 } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    House *h = house_new ();
    Gateway *mail = gateway_start (h, "mail", cases[i].mode, NULL, NULL);
    g_autoptr (NoticesGateways) g = gateways_mail (h, mail, "  tls: none\n");
    put_one (h, 5, "somebody@example.org");
    g_autoptr (NoticesSender) sender = notices_start (h->notices, g, NULL);
    for (int k = 0;
         k < WAIT_MS / 20 && query (h, "SELECT count(*) FROM notice_delivery WHERE trouble IS NOT NULL") < 1;
         k++)
      g_usleep (20000);
    notices_stop (g_steal_pointer (&sender));
    NoticesCount count = counts (h, NOTICES_EMAIL);
    g_assert_cmpint (count.refused, ==, cases[i].refused);
    g_assert_cmpint (count.waiting, ==, cases[i].waiting);
    gateway_stop (mail);
    house_free (h);
  }
}

/* STARTTLS is demanded unless told not to, and the server must be who it says. */
static void
test_mail_tls (void)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  if (!openssl) {
    g_test_skip ("no openssl");
    return;
  }
  House *h = house_new ();
  g_autofree char *certificate = g_build_filename (h->folder, "cert.pem", NULL),
                  *key = g_build_filename (h->folder, "key.pem", NULL);
  const char *const argv[] = { "openssl",
                               "req",
                               "-x509",
                               "-newkey",
                               "ec",
                               "-pkeyopt",
                               "ec_paramgen_curve:P-256",
                               "-nodes",
                               "-keyout",
                               key,
                               "-out",
                               certificate,
                               "-days",
                               "2",
                               "-subj",
                               "/CN=127.0.0.1",
                               "-addext",
                               "subjectAltName=IP:127.0.0.1",
                               NULL };
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                               NULL, NULL, NULL, NULL, NULL, NULL));
  Gateway *mail = gateway_start (h, "tls", "take", certificate, key);
  g_autoptr (NoticesGateways) stranger = gateways_mail (h, mail, "");
  g_autofree char *trusted = g_strdup_printf ("  authorities: %s\n", certificate);
  g_autoptr (NoticesGateways) known = gateways_mail (h, mail, trusted);
  char trouble[NOTICE_TROUBLE_MAX];
  NoticeLetter letter = { .id = "0123", .address = "a@example.org", .subject = "s", .text = "t\n" };
  g_assert_cmpint (stranger->channels[0].send (stranger->channels[0].channel, &letter, trouble), ==,
                   NOTICE_AWAY);
  g_assert_cmpint (known->channels[0].send (known->channels[0].channel, &letter, trouble), ==, NOTICE_SENT);
  g_auto (GStrv) took = gateway_took (mail);
  g_assert_cmpuint (g_strv_length (took), ==, 1);
  g_assert_nonnull (strstr (took[0], "\"tls\": true"));
  Gateway *plain = gateway_start (h, "mail", "later", NULL, NULL);
  g_autoptr (NoticesGateways) demanding = gateways_mail (h, plain, "");
  g_assert_cmpint (demanding->channels[0].send (demanding->channels[0].channel, &letter, trouble), ==,
                   NOTICE_AWAY);
  gateway_stop (plain);
  gateway_stop (mail);
  house_free (h);
}

static NoticesGateways *
gateways_sms (House *h, const Gateway *sms)
{
  g_autofree char *settings
      = g_strdup_printf ("site: https://bs.example.org\nsms:\n  url: http://127.0.0.1:%d/send\n"
                         "  key_file: secret\n  signature: 【闽侯】\n",
                         sms->port);
  return gateways_of (h, settings);
}

static void
test_sms (void)
{
  g_autoptr (Arena) arena = arena_new ();
  House *h = house_new ();
  Gateway *sms = gateway_start (h, "sms", "take", NULL, NULL);
  g_autoptr (NoticesGateways) g = gateways_sms (h, sms);
  put_one (h, 5, "13900000001");
  g_autoptr (NoticesSender) sender = notices_start (h->notices, g, NULL);
  g_assert_cmpint (wait_empty (h, NOTICES_SMS).sent, ==, 1);
  notices_stop (g_steal_pointer (&sender));
  g_auto (GStrv) took = gateway_took (sms);
  g_assert_cmpuint (g_strv_length (took), ==, 1);
  const JsonValue *line = json_parse (arena, text_of (took[0]), "sms", NULL),
                  *headers = json_get (line, "headers");
  const char *body = json_string (json_get (line, "body"));
  const JsonValue *message = json_parse (arena, text_of (body), "sms", NULL);
  g_assert_cmpstr (json_string (json_get (message, "to")), ==, "13900000001");
  g_assert_cmpstr (json_string (json_get (message, "text")), ==,
                   "【闽侯】您在闽侯县办事平台有一条新消息，请登录查看：https://bs.example.org/me/notices");
  g_assert_cmpstr (json_string (json_get (message, "id")), ==,
                   json_string (json_get (headers, "idempotency-key")));
  const char *signed_text
      = arena_printf (arena, "%s.%s", json_string (json_get (headers, "x-liudong-timestamp")), body);
  g_autofree char *hmac
      = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)"tell-nobody", 11, signed_text, -1);
  g_assert_true (g_str_has_suffix (json_string (json_get (headers, "x-liudong-signature")), hmac));
  gateway_stop (sms);
  house_free (h);
}

static void
test_sms_modes (void)
{
  static const struct {
    const char *mode;
    NoticeVerdict verdict;
  } cases[] = { { "refuse", NOTICE_REFUSED }, { "later", NOTICE_AWAY } };
  char trouble[NOTICE_TROUBLE_MAX];
  NoticeLetter letter = { .id = "0123", .address = "13900000001", .subject = "s", .text = "t" };
  House *h = house_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Gateway *sms = gateway_start (h, "sms", cases[i].mode, NULL, NULL);
    g_autoptr (NoticesGateways) g = gateways_sms (h, sms);
    g_assert_cmpint (g->channels[1].send (g->channels[1].channel, &letter, trouble), ==, cases[i].verdict);
    gateway_stop (sms);
    /* nobody listens there any more */
    g_assert_cmpint (g->channels[1].send (g->channels[1].channel, &letter, trouble), ==, NOTICE_AWAY);
  }
  house_free (h);
}

/* Gateways that take connections and never answer: deeds go on as if there were none, and stopping does not
 * wait for them. */
static void
test_silent (void)
{
  enum { DEEDS = 50 };
  House *h = house_new ();
  Gateway *mail = gateway_start (h, "mail", "silent", NULL, NULL);
  g_autoptr (NoticesGateways) g = gateways_mail (h, mail, "  tls: none\n");
  put_one (h, 5, "somebody@example.org");
  g_autoptr (NoticesSender) sender = notices_start (h->notices, g, NULL);
  for (int i = 0; i < WAIT_MS / 10 && query (h, "SELECT attempts FROM notice_delivery WHERE id = 1") < 1; i++)
    g_usleep (10000);
  g_assert_cmpint (query (h, "SELECT attempts FROM notice_delivery WHERE id = 1"), ==,
                   1); /* it waits for an answer */
  gint64 began = g_get_monotonic_time ();
  for (int i = 0; i < DEEDS; i++)
    put_one (h, 100 + i, "somebody@example.org");
  g_assert_cmpint (g_get_monotonic_time () - began, <, 10 * G_USEC_PER_SEC); /* one of its timeouts is 30 s */
  g_assert_cmpint (counts (h, NOTICES_EMAIL).waiting, ==, DEEDS + 1);
  began = g_get_monotonic_time ();
  notices_stop (g_steal_pointer (&sender));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 10 * G_USEC_PER_SEC);
  gateway_stop (mail);
  house_free (h);
}

/* ---- several processes, and kill -9 ----------------------------------------- */

/* A channel that appends the message's id to a file, slowly. */
static NoticeVerdict
file_send (gpointer channel, const NoticeLetter *letter, char trouble[NOTICE_TROUBLE_MAX])
{
  g_autofree char *line = g_strdup_printf ("%s\n", letter->id);
  FILE *file = fopen (channel, "a");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (line, 1, strlen (line), file), ==, strlen (line));
  fclose (file);
  g_usleep (2000);
  return NOTICE_SENT;
}

/* `test_sender send STORE FILE NOW`: a process that sends until nothing waits. */
static int
run_sender (const char *path, const char *file, const char *now)
{
  House h = { .now = g_ascii_strtoll (now, NULL, 10) };
  GError *error = NULL;
  h.store = store_open (path, 0, NULL, 0, &error);
  g_assert_no_error (error);
  h.notices = notices_open (h.store, &error);
  g_assert_no_error (error);
  notices_set_clock (h.notices, house_now, &h);
  g_autoptr (NoticesGateways) g = notices_gateways_new ();
  g->channels[NOTICES_SMS] = (NoticeChannel){ file_send, NULL, (gpointer)file };
  NoticesSender *sender = notices_start (h.notices, g, &error);
  g_assert_no_error (error);
  gint64 before = -1;
  for (int still = 0; still < 30; g_usleep (100000)) { /* three seconds without a change */
    gint64 waiting = counts (&h, NOTICES_SMS).waiting;
    still = waiting == before ? still + 1 : 0;
    before = waiting;
    if (!waiting)
      break;
  }
  notices_stop (sender);
  notices_free (h.notices);
  store_close (h.store);
  return 0;
}

static GPid
spawn_sender (House *h, const char *file)
{
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, house_now (h));
  const char *argv[] = { program, "send", h->path, file, now, NULL };
  GPid pid;
  GError *error = NULL;
  g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

/* How many lines there are, and how many different ones. */
static void
count_lines (const char *path, int *all, int *different)
{
  g_autofree char *text = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  *all = *different = 0;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  g_strchomp (text);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i]; i++, (*all)++)
    *different += g_hash_table_add (seen, lines[i]);
}

static void
test_two_processes (void)
{
  enum { N = 100 };
  House *h = house_new ();
  g_autofree char *file = g_build_filename (h->folder, "sent", NULL);
  for (int i = 0; i < N; i++)
    put_one (h, 1 + i, "13900000001");
  GPid one = spawn_sender (h, file), two = spawn_sender (h, file);
  waitpid (one, NULL, 0);
  waitpid (two, NULL, 0);
  int all, different;
  count_lines (file, &all, &different);
  g_assert_cmpint (all, ==, N);
  g_assert_cmpint (different, ==, N);
  g_assert_cmpint (counts (h, NOTICES_SMS).sent, ==, N);
  house_free (h);
}

static void
test_killed (void)
{
  enum { N = 60, KILLS = 3 };
  House *h = house_new ();
  g_autofree char *file = g_build_filename (h->folder, "sent", NULL);
  int all = 0, different = 0;
  for (int i = 0; i < N; i++)
    put_one (h, 1 + i, "13900000001");
  for (int k = 0; k < KILLS; k++) {
    GPid pid = spawn_sender (h, file);
    int before = different;
    for (int i = 0; i < WAIT_MS / 2 && different < before + 8; i++) {
      g_usleep (2000);
      count_lines (file, &all, &different);
    }
    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
    h->now += 3600; /* its lease ends */
  }
  waitpid (spawn_sender (h, file), NULL, 0);
  count_lines (file, &all, &different);
  g_assert_cmpint (different, ==, N);   /* nothing lost */
  g_assert_cmpint (all, <=, N + KILLS); /* at most what each had in its hand, under the same id */
  g_assert_cmpint (counts (h, NOTICES_SMS).sent, ==, N);
  house_free (h);
}

/* ---- the settings' file -------------------------------------------------------- */

static void
test_settings (void)
{
  static const struct {
    const char *text, *words;
  } cases[] = {
    { "email: {}", "site" },
    { "site: example.org", "https://" },
    { "site: https://x\nmail: {}", "did you mean \"email\"" },
    { "site: https://x\ngive_up_days: 0", "no number from 1" },
    { "site: https://x\nemail: { url: 'http://h:25', from: a@b.cn }", "none of smtp://" },
    { "site: https://x\nemail: { url: 'smtp://u:p@h:25', from: a@b.cn }", "without a password" },
    { "site: https://x\nemail: { url: 'smtp://h:25', from: a@b.cn, tls: none }", "this machine alone" },
    { "site: https://x\nemail: { url: 'smtp://h:25', from: 'a@b.cn>' }", "from: is an e-mail" },
    { "site: https://x\nemail: { url: 'smtp://h:25', from: a@b.cn, name: \"x\\r\\nBcc: c@d.cn\" }",
      "one line" },
    { "site: https://x\nemail: { url: 'smtp://h:25', from: a@b.cn, user: u }",
      "\"password_file\" is missing" },
    { "site: https://x\nemail: { url: 'smtp://h:25', from: a@b.cn, user: u, password_file: none }",
      "cannot be read" },
    { "site: https://x\nsms: { url: 'http://h/', key_file: notices.yaml }", "should hold one line" },
    { "site: https://x\nsms: { url: 'http://h/', key_file: key }", "this machine alone" },
    { "site: https://x\nsms: { url: 'https://h/' }", "key_file" },
  };
  g_autofree char *folder = support_folder (), *path = g_build_filename (folder, "notices.yaml", NULL),
                  *key = g_build_filename (folder, "key", NULL);
  g_assert_true (g_file_set_contents (key, "k\n", -1, NULL));
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strdup_printf ("%s\n", cases[i].text);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
    g_assert_null (notices_gateways_read (path, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].words))
      g_error ("%s\n“%s” does not say “%s”", text, error->message, cases[i].words);
  }
  support_remove (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  if (argc == 5 && g_str_equal (argv[1], "send"))
    return run_sender (argv[2], argv[3], argv[4]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sender/given up", test_given_up);
  g_test_add_func ("/sender/refused", test_refused);
  g_test_add_func ("/sender/lease", test_lease);
  g_test_add_func ("/sender/quiet", test_quiet);
  g_test_add_func ("/sender/away", test_away);
  g_test_add_func ("/sender/mail", test_mail);
  g_test_add_func ("/sender/mail modes", test_mail_modes);
  g_test_add_func ("/sender/mail tls", test_mail_tls);
  g_test_add_func ("/sender/sms", test_sms);
  g_test_add_func ("/sender/sms modes", test_sms_modes);
  g_test_add_func ("/sender/silent", test_silent);
  g_test_add_func ("/sender/two processes", test_two_processes);
  g_test_add_func ("/sender/killed", test_killed);
  g_test_add_func ("/sender/settings", test_settings);
  return g_test_run ();
}
