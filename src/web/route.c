#include "web/route.h"

#include <string.h>

/* One segment from *REST ("/clauses/15"), without its slash; false at the end. */
static bool
next_segment (Text *rest, Text *segment)
{
  if (!rest->len || rest->bytes[0] != '/')
    return false;
  const char *end = memchr (rest->bytes + 1, '/', rest->len - 1);
  size_t len = end ? (size_t)(end - rest->bytes) - 1 : rest->len - 1;
  *segment = (Text){ rest->bytes + 1, len };
  *rest = (Text){ rest->bytes + 1 + len, rest->len - 1 - len };
  return true;
}

static bool
matches (Text pattern, Text path, Text *captures)
{
  size_t n = 0;
  Text wanted, given;
  while (next_segment (&pattern, &wanted)) {
    if (!next_segment (&path, &given))
      return false;
    if (text_equal (wanted, TEXT_LITERAL ("{}"))) {
      if (!given.len)
        return false;
      captures[n++] = given;
    } else if (!text_equal (wanted, given)) {
      return false;
    }
  }
  return !path.len;
}

static bool
decode_captures (const Text *captures, WebRequest *request)
{
  for (size_t i = 0; i < G_N_ELEMENTS (request->captures) && captures[i].bytes; i++) {
    request->captures[i] = web_decode (request->arena, captures[i], false);
    if (!request->captures[i])
      return false;
  }
  return true;
}

RouteVerdict
route_find (const WebRoute *routes, size_t n, Text path, const char *method, WebRequest *request,
            const WebRoute **route, const char **allow)
{
  const char *wanted = g_str_equal (method, "HEAD") ? "GET" : method;
  *allow = NULL;
  for (size_t i = 0; i < n; i++) {
    Text captures[G_N_ELEMENTS (request->captures)] = { 0 };
    if (!matches (text_of (routes[i].pattern), path, captures))
      continue;
    if (g_str_equal (routes[i].method, wanted)) {
      *route = &routes[i];
      return decode_captures (captures, request) ? ROUTE_FOUND : ROUTE_MALFORMED;
    }
    const char *listed = g_str_equal (routes[i].method, "GET") ? "GET, HEAD" : routes[i].method;
    *allow = *allow ? arena_printf (request->arena, "%s, %s", *allow, listed) : listed;
  }
  return *allow ? ROUTE_OTHER_METHOD : ROUTE_UNKNOWN;
}
