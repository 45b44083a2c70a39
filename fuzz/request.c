/* Addresses, fields and cookies as a stranger may send them: nothing is read out
 * of bounds, and what is accepted is UTF-8 without NUL. */
#include "web/route.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_fields (Arena *arena, Text input)
{
  WebFields fields;
  g_autoptr (GError) error = NULL;
  if (!web_fields_parse (arena, input, &fields, &error))
    return;
  for (size_t i = 0; i < fields.n; i++)
    g_assert_true (text_is_utf8 (text_of (fields.items[i].name), NULL)
                   && text_is_utf8 (text_of (fields.items[i].value), NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Arena) arena = arena_new ();
  Text input = { (const char *)data, size };
  check_fields (arena, input);
  WebRequest request = { .arena = arena };
  const WebRoute *route;
  const char *allow;
  if (route_find (web_routes, web_routes_n, input, "GET", &request, &route, &allow) == ROUTE_FOUND
      && request.captures[0])
    g_assert_true (text_is_utf8 (text_of (request.captures[0]), NULL));
  web_cookie (arena, arena_text (arena, input), "session");
  return 0;
}
