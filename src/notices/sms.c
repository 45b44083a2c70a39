/* SMS: a gateway that takes JSON by HTTP POST.  Gateways differ; docs/notices.md says what this one expects,
 * and a few lines of a county's own turn it into any other. */
#include "notices/notices_private.h"

#include <curl/curl.h>

static const char *
body_of (const SmsSettings *settings, const NoticeLetter *letter, GString *out)
{
  g_autofree char *text = g_strconcat (settings->signature ? settings->signature : "", letter->text, NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 0);
  json_begin_object (w);
  json_member_str (w, "id", letter->id);
  json_member_str (w, "to", letter->address);
  json_member_str (w, "text", text);
  json_end_object (w);
  return out->str;
}

/* By time and body, so that who listens in can neither change a message nor send it again later. */
static struct curl_slist *
headers_of (const SmsSettings *settings, const NoticeLetter *letter, const char *body)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *signed_text = g_strdup_printf ("%" G_GINT64_FORMAT ".%s", now, body);
  g_autofree char *hmac = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)settings->key,
                                                     strlen (settings->key), signed_text, -1);
  g_autofree char *timestamp = g_strdup_printf ("X-Liudong-Timestamp: %" G_GINT64_FORMAT, now),
                  *signature = g_strdup_printf ("X-Liudong-Signature: sha256=%s", hmac),
                  *key = g_strdup_printf ("Idempotency-Key: %s", letter->id);
  const char *const lines[] = { "Content-Type: application/json", timestamp, signature, key, "Expect:" };
  struct curl_slist *headers = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++)
    headers = curl_slist_append (headers, lines[i]);
  return headers;
}

/* RFC 9110, 15: what is wrong with this message is refused; what is wrong with the gateway, or with what it
 * thinks of us, is not the message's fault. */
static NoticeVerdict
judge (CURL *curl, CURLcode result, char trouble[NOTICE_TROUBLE_MAX])
{
  long status = 0;
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  if (result == CURLE_OK && status >= 200 && status < 300)
    return NOTICE_SENT;
  if (result != CURLE_OK) {
    g_strlcpy (trouble, curl_easy_strerror (result), NOTICE_TROUBLE_MAX);
    return NOTICE_AWAY;
  }
  g_snprintf (trouble, NOTICE_TROUBLE_MAX, "the gateway answered %ld", status);
  return status == 400 || status == 410 || status == 422 ? NOTICE_REFUSED
         : status == 409 || status == 425                ? NOTICE_LATER
                                                         : NOTICE_AWAY;
}

static NoticeVerdict
sms_send (gpointer channel, const NoticeLetter *letter, char trouble[NOTICE_TROUBLE_MAX])
{
  const SmsSettings *settings = channel;
  g_autoptr (GString) json = g_string_new (NULL);
  const char *body = body_of (settings, letter, json);
  struct curl_slist *headers = headers_of (settings, letter, body);
  CURL *curl = channel_curl (settings->url, "http,https", settings->authorities, letter);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE, (long)json->len);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  NoticeVerdict verdict = judge (curl, curl_easy_perform (curl), trouble);
  curl_easy_cleanup (curl);
  curl_slist_free_all (headers);
  return verdict;
}

static void
sms_free (gpointer channel)
{
  SmsSettings *s = channel;
  const char *const texts[] = { s->url, s->key, s->signature, s->authorities };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free ((gpointer)texts[i]);
  g_free (s);
}

NoticeChannel
sms_channel (const SmsSettings *settings)
{
  SmsSettings *own = g_new (SmsSettings, 1);
  *own = (SmsSettings){ g_strdup (settings->url), g_strdup (settings->key), g_strdup (settings->signature),
                        g_strdup (settings->authorities) };
  return (NoticeChannel){ sms_send, sms_free, own };
}
