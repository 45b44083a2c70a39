/* Searching on somebody's behalf: masked, and in the log.
 *
 * Source: Personal Information Protection Law, articles 6 (the smallest scope) and
 * 51 (masking, logs); a list shows what is needed to tell people apart, no more. */
#include "access_private.h"

#include <sodium.h>
#include <string.h>

/* ---- masks ------------------------------------------------------------- */

const char *
access_mask_name (Arena *arena, const char *name)
{
  g_autoptr (GString) masked = g_string_new (NULL);
  for (const char *p = name; *p; p = g_utf8_next_char (p))
    if (p == name)
      g_string_append_len (masked, p, g_utf8_next_char (p) - p);
    else
      g_string_append (masked, "＊");
  return arena_text (arena, (Text){ masked->str, masked->len });
}

/* FIRST and LAST characters stay where as many again are hidden; how many are does not show. */
static const char *
mask_number (Arena *arena, const char *number, int first, int last)
{
  int len = (int)strlen (number);
  if (len < 2 * (first + last) || !g_str_is_ascii (number))
    return len ? "****" : "";
  return arena_printf (arena, "%.*s****%s", first, number, number + len - last);
}

static bool
is_hidden (const RegistryAttribute *a)
{
  return a && a->sensitivity != REGISTRY_PUBLIC;
}

static AccessHit
mask (Arena *arena, const RegistryEntity *e, const RegistryHit *hit)
{
  const char *label = hit->label ? hit->label : "", *number = hit->number ? hit->number : "",
             *phone = hit->phone ? hit->phone : "";
  return (AccessHit){ .subject = hit->subject,
                      .label = is_hidden (e->label) ? access_mask_name (arena, label) : label,
                      .number = is_hidden (e->number) ? mask_number (arena, number, 4, 2) : number,
                      .phone = is_hidden (e->phone) ? mask_number (arena, phone, 3, 2) : phone,
                      .township = hit->township && !is_hidden (e->township) ? hit->township : "" };
}

/* ---- the log ----------------------------------------------------------- */

/* Whoever knows a name can find out whether it was searched for; nobody can read it here. */
static void
write_digest (JsonWriter *w, const char *text)
{
  unsigned char salt[16], digest[crypto_hash_sha256_BYTES];
  char salt_hex[2 * sizeof salt + 1], digest_hex[2 * sizeof digest + 1], buffer[SPELLING_SIZE];
  Text folded = spelling_fold (text_of (text), buffer);
  crypto_hash_sha256_state state;
  randombytes_buf (salt, sizeof salt);
  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, salt, sizeof salt);
  crypto_hash_sha256_update (&state, (const unsigned char *)folded.bytes, folded.len);
  crypto_hash_sha256_final (&state, digest);
  json_member_str (w, "salt", sodium_bin2hex (salt_hex, sizeof salt_hex, salt, sizeof salt));
  json_member_str (w, "digest", sodium_bin2hex (digest_hex, sizeof digest_hex, digest, sizeof digest));
}

static bool
log_search (Access *access, const AccessAccount *who, const RegistryEntity *entity,
            const RegistrySearch *search, const RegistryHits *hits, const char *purpose, GError **error)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autoptr (Arena) arena = arena_new ();
  JsonWriter *w = json_writer_new (detail, 0);
  json_begin_object (w);
  json_member_str (w, "entity", entity->id);
  json_member_str (w, "term", registry_term_id (hits->term));
  if (hits->term != REGISTRY_TERM_NONE)
    write_digest (w, search->text);
  if (search->place)
    json_member_str (w, "place",
                     registry_subject_format (arena, registry_schema (access->registry), search->place));
  json_member_int (w, "hits", (gint64)hits->total);
  json_member_int (w, "shown", (gint64)hits->n);
  if (who->reason)
    json_member_str (w, "reason", who->reason);
  json_end_object (w);
  json_writer_free (w);
  return log_entry (access, who, purpose, &(AuditEntry){ .act = AUDIT_SEARCH, .detail = detail->str }, error);
}

/* ---- searching --------------------------------------------------------- */

const AccessHits *
access_search (Access *access, Arena *arena, const AccessAccount *who, const RegistryEntity *entity,
               const RegistrySearch *search, const char *purpose, GError **error)
{
  AccessHits *masked = arena_new0 (arena, AccessHits, 1);
  bool everybody = (!search->text || !*search->text) && !search->place;
  if (everybody && is_hidden (entity->label)) {
    masked->too_broad = true;
    return masked;
  }
  const RegistryHits *found = registry_search (access->registry, arena, entity, search, error);
  if (!found || !log_search (access, who, entity, search, found, purpose, error))
    return NULL;
  AccessHit *hits = arena_new0 (arena, AccessHit, found->n);
  for (size_t i = 0; i < found->n; i++)
    hits[i] = mask (arena, entity, &found->hits[i]);
  *masked = (AccessHits){ hits, found->n, found->more, found->total, found->term, found->too_short, false };
  return masked;
}

static void
hit_json (JsonWriter *w, const RegistrySchema *schema, const AccessHit *hit)
{
  g_autoptr (Arena) arena = arena_new ();
  json_begin_object (w);
  json_member_str (w, "subject", registry_subject_format (arena, schema, hit->subject));
  json_member_str (w, "label", hit->label);
  json_member_str (w, "number", hit->number);
  json_member_str (w, "phone", hit->phone);
  json_member_str (w, "township", hit->township);
  json_end_object (w);
}

void
access_hits_json (JsonWriter *w, const RegistrySchema *schema, const RegistryEntity *entity,
                  const AccessHits *hits)
{
  json_begin_object (w);
  json_member_str (w, "entity", entity->id);
  json_member_str (w, "term", registry_term_id (hits->term));
  json_member_bool (w, "too_short", hits->too_short);
  json_member_bool (w, "too_broad", hits->too_broad);
  json_member_int (w, "total", (gint64)hits->total);
  json_member_bool (w, "total_or_more", hits->total == REGISTRY_TOTAL_MAX);
  json_member_bool (w, "more", hits->more);
  json_key (w, "hits");
  json_begin_array (w);
  for (size_t i = 0; i < hits->n; i++)
    hit_json (w, schema, &hits->hits[i]);
  json_end_array (w);
  json_end_object (w);
}

/* ---- places ------------------------------------------------------------ */

static bool
is_called (const RegistryHit *hit, const char *name)
{
  return (hit->label && g_str_equal (hit->label, name)) || (hit->number && g_str_equal (hit->number, name));
}

static void
set_doubt (const RegistryHits *hits, const char *name, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);
  for (size_t i = 0; i < hits->n; i++)
    g_string_append_printf (all, "%s%s (%s)", i ? ", " : "", hits->hits[i].label ? hits->hits[i].label : "",
                            hits->hits[i].number ? hits->hits[i].number : "");
  if (hits->n)
    g_set_error (error, FAULT, FAULT_INPUT, "\"%s\" may be several places: %s%s", name, all->str,
                 hits->more ? " …" : "");
  else
    g_set_error (error, FAULT, FAULT_INPUT, "there is no place \"%s\"", name);
}

bool
access_find_place (Access *access, Arena *arena, const RegistryEntity *entity, const char *name,
                   Subject *place, GError **error)
{
  enum { SHOWN = 5 };
  const RegistryHits *hits = registry_search (access->registry, arena, entity,
                                              &(RegistrySearch){ .text = name, .limit = SHOWN }, error);
  if (!hits)
    return false;
  size_t called = 0;
  for (size_t i = 0; i < hits->n; i++)
    if (is_called (&hits->hits[i], name) && called++ == 0)
      *place = hits->hits[i].subject;
  if (hits->n == 1)
    *place = hits->hits[0].subject;
  if (called == 1 || hits->n == 1)
    return true;
  set_doubt (hits, name, error);
  return false;
}
