/* What the channels ask of libcurl alike: an attempt is bounded, follows nobody elsewhere and can be stopped.
 */
#include "notices/notices_private.h"

#include <curl/curl.h>
#include <pthread.h>

static void
begin (void)
{
  curl_global_init (CURL_GLOBAL_DEFAULT);
}

static int
look_whether_stopped (void *data, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
  const NoticeLetter *letter = data;
  return letter->stopped && letter->stopped (letter->stopped_data);
}

/* What the other side answers beyond its status is not kept. */
static size_t
drop (char *bytes, size_t size, size_t n, void *data)
{
  return size * n;
}

void *
channel_curl (const char *url, const char *protocols, const char *authorities, const NoticeLetter *letter)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once (&once, begin);
  CURL *curl = curl_easy_init ();
  if (!curl)
    g_error ("libcurl has no memory");
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (curl, CURLOPT_PROXY, ""); /* none of the environment's */
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long)GATEWAY_CONNECT_S);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long)GATEWAY_TIMEOUT_S);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, look_whether_stopped);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, letter);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  if (authorities)
    curl_easy_setopt (curl, CURLOPT_CAINFO, authorities);
  return curl;
}
