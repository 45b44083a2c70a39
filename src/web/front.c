#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

#include <string.h>

static FrontModel
front_model (const PolicyPackage *package)
{
  FrontModel m = { .circular = policy_circular (package) };
  const PolicyClause *const *clauses = policy_clauses (package, &m.n_clauses);
  m.n_actions = m.circular->n_closing_actions;
  for (size_t i = 0; i < m.n_clauses; i++) {
    m.n_actions += clauses[i]->n_actions;
    m.n_executable += clauses[i]->unit != NULL;
  }
  return m;
}

bool
handle_front (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n_demo;
  FrontModel m = front_model (request->web->package);
  if (!access_demo_accounts (request->web->access, request->arena, &n_demo, error))
    return false;
  m.demo = n_demo > 0;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_front_title, NULL, 0), NAV_NONE);
  page_front (response->body, &page, &m);
  return true;
}

static void
send_asset (const WebRequest *request, const WebAsset *asset, WebResponse *response)
{
  web_response_header (response, "Cache-Control", "public, max-age=31536000, immutable");
  web_response_header (response, "ETag", asset->etag);
  web_response_header (response, "Vary", "Accept-Encoding");
  response->content_type = asset->content_type;
  if (request->if_none_match && strstr (request->if_none_match, asset->etag)) {
    response->status = 304;
    return;
  }
  if (request->accepts_gzip)
    web_response_header (response, "Content-Encoding", "gzip");
  response->fixed = request->accepts_gzip ? asset->gzip : asset->plain;
}

bool
handle_asset (WebRequest *request, WebResponse *response, GError **error)
{
  for (size_t i = 0; i < ASSET_COUNT; i++)
    if (g_str_equal (web_assets[i].path + strlen ("/assets/"), request->captures[0])) {
      send_asset (request, &web_assets[i], response);
      return true;
    }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "no such file");
  return false;
}

bool
handle_favicon (WebRequest *request, WebResponse *response, GError **error)
{
  web_redirect (response, web_assets[ASSET_ICON_SVG].path);
  return true;
}
