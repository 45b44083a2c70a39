/* E-mail: a message by RFC 5322 and MIME, handed to a submission server by SMTP (RFC 5321, 6409). */
#include "notices/notices_private.h"

#include <curl/curl.h>
#include <string.h>

enum {
  ENCODED_BYTES = 39 /* with the name of the field a line of at most 76 (RFC 2047, 2) */,
  BODY_BYTES = 57
};

/* ---- the message ---------------------------------------------------------- */

/* TEXT as encoded words, cut between characters. */
static void
append_encoded (GString *out, const char *text)
{
  for (const char *p = text; *p;) {
    const char *end = p;
    while (*end && g_utf8_next_char (end) - p <= ENCODED_BYTES)
      end = g_utf8_next_char (end);
    g_autofree char *coded = g_base64_encode ((const guchar *)p, (gsize)(end - p));
    g_string_append_printf (out, "%s=?UTF-8?B?%s?=", p == text ? "" : "\r\n ", coded);
    p = end;
  }
}

static void
append_body (GString *out, const char *text)
{
  g_autoptr (GString) lines = g_string_new (NULL); /* ends of lines as the network has them */
  for (const char *p = text; *p; p++)
    g_string_append (lines, *p == '\n' ? "\r\n" : (char[]){ *p, 0 });
  for (gsize at = 0; at < lines->len; at += BODY_BYTES) {
    g_autofree char *coded
        = g_base64_encode ((const guchar *)lines->str + at, MIN ((gsize)BODY_BYTES, lines->len - at));
    g_string_append_printf (out, "%s\r\n", coded);
  }
}

char *
email_message (const EmailSettings *settings, const NoticeLetter *letter, gint64 now)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now);
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" }, *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  g_autofree char *time = g_date_time_format (utc, "%Y %H:%M:%S +0000");
  g_string_append_printf (out, "Date: %s, %d %s %s\r\n", days[g_date_time_get_day_of_week (utc) - 1],
                          g_date_time_get_day_of_month (utc), months[g_date_time_get_month (utc) - 1], time);
  g_string_append (out, "From: ");
  if (settings->name) {
    append_encoded (out, settings->name);
    g_string_append (out, "\r\n ");
  }
  g_string_append_printf (out, "<%s>\r\nTo: <%s>\r\nSubject: ", settings->from, letter->address);
  append_encoded (out, letter->subject);
  /* Auto-Submitted (RFC 3834): nobody's holiday answer comes back. */
  g_string_append_printf (
      out,
      "\r\nMessage-ID: <%s%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
      letter->id, strchr (settings->from, '@'));
  append_body (out, letter->text);
  return g_string_free (out, FALSE);
}

/* ---- handing it over ------------------------------------------------------ */

typedef struct {
  const char *message;
  size_t len, at;
  bool receiver; /* the receiver was named: what is refused from here on is refused to this message */
} Submission;

static size_t
give (char *buffer, size_t size, size_t n, void *data)
{
  Submission *s = data;
  size_t some = MIN (size * n, s->len - s->at);
  memcpy (buffer, s->message + s->at, some);
  s->at += some;
  return some;
}

static int
watch (CURL *curl, curl_infotype type, char *bytes, size_t len, void *data)
{
  if (type == CURLINFO_HEADER_OUT && len >= 7 && memcmp (bytes, "RCPT TO", 7) == 0)
    ((Submission *)data)->receiver = true;
  return 0;
}

/* Replies of RFC 5321, 4.2: 5yz is for good, 4yz for now. */
static NoticeVerdict
judge (CURL *curl, CURLcode result, const Submission *s, char trouble[NOTICE_TROUBLE_MAX])
{
  long reply = 0;
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &reply);
  if (result == CURLE_OK)
    return NOTICE_SENT;
  if (reply >= 400 && s->receiver && result != CURLE_OPERATION_TIMEDOUT) {
    g_snprintf (trouble, NOTICE_TROUBLE_MAX, "the mail server answered %ld about the message", reply);
    return reply >= 500 ? NOTICE_REFUSED : reply == 421 ? NOTICE_AWAY : NOTICE_LATER;
  }
  g_snprintf (trouble, NOTICE_TROUBLE_MAX, reply >= 400 ? "%s (the mail server answered %ld)" : "%s",
              curl_easy_strerror (result), reply);
  return NOTICE_AWAY;
}

static NoticeVerdict
email_send (gpointer channel, const NoticeLetter *letter, char trouble[NOTICE_TROUBLE_MAX])
{
  const EmailSettings *settings = channel;
  g_autofree char *message = email_message (settings, letter, g_get_real_time () / G_USEC_PER_SEC);
  Submission submission = { .message = message, .len = strlen (message) };
  g_autofree char *from = g_strdup_printf ("<%s>", settings->from),
                  *to = g_strdup_printf ("<%s>", letter->address);
  struct curl_slist *receivers = curl_slist_append (NULL, to);
  CURL *curl = channel_curl (settings->url, "smtp,smtps", settings->authorities, letter);
  curl_easy_setopt (curl, CURLOPT_USE_SSL, (long)(settings->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (settings->user) {
    curl_easy_setopt (curl, CURLOPT_USERNAME, settings->user);
    curl_easy_setopt (curl, CURLOPT_PASSWORD, settings->password);
  }
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, receivers);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, give);
  curl_easy_setopt (curl, CURLOPT_READDATA, &submission);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_DEBUGFUNCTION, watch);
  curl_easy_setopt (curl, CURLOPT_DEBUGDATA, &submission);
  curl_easy_setopt (curl, CURLOPT_VERBOSE, 1L);
  NoticeVerdict verdict = judge (curl, curl_easy_perform (curl), &submission, trouble);
  curl_easy_cleanup (curl);
  curl_slist_free_all (receivers);
  return verdict;
}

/* ---- the channel ---------------------------------------------------------- */

static void
email_free (gpointer channel)
{
  EmailSettings *s = channel;
  const char *const texts[] = { s->url, s->from, s->name, s->user, s->password, s->authorities };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free ((gpointer)texts[i]);
  g_free (s);
}

NoticeChannel
email_channel (const EmailSettings *settings)
{
  EmailSettings *own = g_new (EmailSettings, 1);
  *own = (EmailSettings){ .url = g_strdup (settings->url),
                          .plain = settings->plain,
                          .from = g_strdup (settings->from),
                          .name = g_strdup (settings->name),
                          .user = g_strdup (settings->user),
                          .password = g_strdup (settings->password),
                          .authorities = g_strdup (settings->authorities) };
  return (NoticeChannel){ email_send, email_free, own };
}
