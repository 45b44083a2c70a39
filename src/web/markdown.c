/* Markdown as markup, by cmark. */
#include "web/view.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <string.h>

/* A line of the source that ends within Chinese text is no blank. */
static void
join_chinese_lines (cmark_node *document)
{
  cmark_iter *iter = cmark_iter_new (document);
  while (cmark_iter_next (iter) != CMARK_EVENT_DONE) {
    cmark_node *node = cmark_iter_get_node (iter);
    cmark_node *next = cmark_node_get_type (node) == CMARK_NODE_SOFTBREAK ? cmark_node_next (node) : NULL;
    while (next && cmark_node_first_child (next))
      next = cmark_node_first_child (next);
    const char *text = next ? cmark_node_get_literal (next) : NULL;
    if (text && g_unichar_iswide (g_utf8_get_char (text))) {
      cmark_node_set_type (node, CMARK_NODE_TEXT);
      cmark_node_set_literal (node, "");
    }
  }
  cmark_iter_free (iter);
}

struct html
view_markdown (const Page *page, const char *markdown)
{
  cmark_parser *parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension ("table"));
  cmark_parser_feed (parser, markdown, strlen (markdown));
  cmark_node *document = cmark_parser_finish (parser);
  join_chinese_lines (document);
  char *markup = cmark_render_html (document, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions (parser));
  struct html html = { arena_text_copy (page->arena, text_of (markup)) };
  free (markup);
  cmark_node_free (document);
  cmark_parser_free (parser);
  return html;
}
