/* A transcript looked through by itself.
 *
 * Nothing here is shared with what drew: hashes and HMAC are GLib's, and the places are found by another
 * algorithm.  The run has applicants propose one by one to heaps; here each unit has a line, everybody goes
 * to the best unit whose line they are before, and where too many came the line moves up; lines never move
 * back, so it ends, and with the same places (Azevedo and Leshno 2016: stable matchings are such lines). */
#include "draws/draws_private.h"

#include <string.h>

typedef struct {
  guint32 unit;
  const gint64 *keys;
  guint32 rank; /* in the unit's order; equals share one */
} Choice;

typedef struct {
  const char *id;
  guint8 ticket[LOTTERY_BYTES];
  gint64 seat; /* from 1; 0: none */
  size_t n;
  Choice *choices;
} Row;

typedef struct {
  Arena *arena;
  const JsonValue *root, *lottery;
  const char *ties, *fault; /* of reading */
  size_t n_keys, n_units, n;
  const bool *ascending;
  const gint64 *capacities;
  Row *rows;
  GArray *findings;
} Verifying;

/* ---- reading --------------------------------------------------------------------- */

static gint64
integer (const JsonValue *value)
{
  g_autofree char *text
      = value && value->kind == JSON_NUMBER ? g_strndup (value->text.bytes, value->text.len) : NULL;
  return text ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static const char *
string_at (const JsonValue *object, const char *key)
{
  const char *text = object ? json_string (json_get (object, key)) : NULL;
  return text ? text : "";
}

static const JsonValue *
array_at (Verifying *v, const JsonValue *object, const char *key)
{
  static const JsonValue none = { .kind = JSON_ARRAY };
  const JsonValue *array = json_get (object, key);
  if (array && array->kind == JSON_ARRAY)
    return array;
  v->fault = arena_printf (v->arena, "\"%s\" is no list", key);
  return &none;
}

static bool
unhex (const char *text, guint8 *bytes)
{
  LotteryHash hash;
  bool good = lottery_from_hex (text_of (text), &hash);
  if (good)
    memcpy (bytes, hash.bytes, LOTTERY_BYTES);
  return good;
}

static void
read_choice (Verifying *v, const JsonValue *value, Choice *choice)
{
  gint64 unit = value->kind == JSON_OBJECT ? integer (json_get (value, "unit")) : 0;
  const JsonValue *keys = value->kind == JSON_OBJECT ? array_at (v, value, "keys") : NULL;
  gint64 *own = arena_new0 (v->arena, gint64, v->n_keys);
  if (unit < 1 || (size_t)unit > v->n_units || !keys || keys->n != v->n_keys) {
    v->fault = arena_printf (v->arena, "line %u: no such unit, or not %zu keys", value->line, v->n_keys);
    return;
  }
  choice->unit = (guint32)unit - 1;
  for (size_t k = 0; k < v->n_keys; k++)
    own[k] = integer (keys->elements[k]);
  choice->keys = own;
}

static void
read_row (Verifying *v, const JsonValue *value, Row *row)
{
  if (value->kind != JSON_OBJECT) {
    v->fault = arena_printf (v->arena, "line %u: an application is an object", value->line);
    return;
  }
  const JsonValue *choices = array_at (v, value, "choices");
  row->id = string_at (value, "id");
  row->seat = integer (json_get (value, "seat"));
  row->n = choices->n;
  row->choices = arena_new0 (v->arena, Choice, row->n);
  if (v->lottery && !unhex (string_at (value, "ticket"), row->ticket))
    v->fault = arena_printf (v->arena, "%s: the ticket is no hash", row->id);
  for (size_t c = 0; c < row->n && !v->fault; c++)
    read_choice (v, choices->elements[c], &row->choices[c]);
}

static bool
read_all (Verifying *v, GError **error)
{
  const JsonValue *root = v->root;
  bool known = root->kind == JSON_OBJECT && g_str_equal (string_at (root, "format"), "liudong-round-1");
  v->fault = known ? NULL : "this is no transcript of a round";
  if (known) {
    const JsonValue *ascending = array_at (v, root, "ascending"),
                    *capacities = array_at (v, root, "capacities"),
                    *rows = array_at (v, root, "applications"), *lottery = json_get (root, "lottery");
    v->lottery = lottery && lottery->kind == JSON_OBJECT ? lottery : NULL;
    v->ties = string_at (root, "ties");
    v->n_keys = ascending->n;
    v->n_units = capacities->n;
    v->n = rows->n;
    bool *up = arena_new0 (v->arena, bool, v->n_keys);
    gint64 *room = arena_new0 (v->arena, gint64, v->n_units);
    for (size_t k = 0; k < v->n_keys; k++)
      up[k] = ascending->elements[k]->kind == JSON_TRUE;
    for (size_t u = 0; u < v->n_units; u++)
      room[u] = integer (capacities->elements[u]);
    v->ascending = up;
    v->capacities = room;
    v->rows = arena_new0 (v->arena, Row, v->n);
    for (size_t i = 0; i < v->n && !v->fault; i++)
      read_row (v, rows->elements[i], &v->rows[i]);
  }
  if (v->fault)
    g_set_error (error, FAULT, FAULT_INPUT, "the transcript: %s", v->fault);
  return !v->fault;
}

/* ---- findings ------------------------------------------------------------------------ */

static bool
find_ (Verifying *v, const char *id, bool holds, const char *detail)
{
  DrawsFinding finding = { id, holds, detail };
  g_array_append_val (v->findings, finding);
  return holds;
}

static bool
same_digest (GChecksum *sum, const char *hex)
{
  return g_ascii_strcasecmp (g_checksum_get_string (sum), hex) == 0;
}

static int
by_bytes (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static bool
check_list (Verifying *v)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree const char **ids = g_new0 (const char *, v->n);
  for (size_t i = 0; i < v->n; i++)
    ids[i] = v->rows[i].id;
  qsort (ids, v->n, sizeof *ids, by_bytes);
  for (size_t i = 0; i < v->n; i++) {
    if (i && g_str_equal (ids[i], ids[i - 1]))
      return find_ (v, "list", false, arena_printf (v->arena, "%s is there twice", ids[i]));
    g_checksum_update (sum, (const guchar *)ids[i], -1);
    g_checksum_update (sum, (const guchar *)"\n", 1);
  }
  return find_ (v, "list", same_digest (sum, string_at (v->root, "list")),
                arena_printf (v->arena, "%zu", v->n));
}

static bool
check_rules (Verifying *v)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_string_append_printf (text, "%s %s %s\n", string_at (v->root, "pool"), string_at (v->root, "method"),
                          v->ties);
  for (size_t k = 0; k < v->n_keys; k++)
    g_string_append_printf (text, "key %s\n", v->ascending[k] ? "ascending" : "descending");
  for (size_t u = 0; u < v->n_units; u++)
    g_string_append_printf (text, "unit %zu %" G_GINT64_FORMAT "\n", u + 1, v->capacities[u]);
  for (size_t i = 0; i < v->n; i++)
    for (size_t c = 0; c < v->rows[i].n; c++) {
      g_string_append_printf (text, "%s %u ", v->rows[i].id, v->rows[i].choices[c].unit + 1);
      for (size_t k = 0; k < v->n_keys; k++)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT, k ? ";" : "", v->rows[i].choices[c].keys[k]);
      g_string_append_c (text, '\n');
    }
  g_checksum_update (sum, (const guchar *)text->str, (gssize)text->len);
  return find_ (v, "rules", same_digest (sum, string_at (v->root, "rules")),
                arena_printf (v->arena, "%zu", v->n_units));
}

/* ---- the lottery -------------------------------------------------------------------------- */

static void
add_part (GChecksum *sum, const void *bytes, size_t len)
{
  guint64 size = GUINT64_TO_BE ((guint64)len);
  g_checksum_update (sum, (const guchar *)&size, sizeof size);
  g_checksum_update (sum, bytes, (gssize)len);
}

static void
add_text (GChecksum *sum, const char *text)
{
  add_part (sum, text, strlen (text));
}

static bool
make_seed (Verifying *v, const guint8 *secret, guint8 *seed)
{
  guint8 list[LOTTERY_BYTES], rules[LOTTERY_BYTES], commitment[LOTTERY_BYTES], fingerprint[LOTTERY_BYTES];
  gsize len = LOTTERY_BYTES;
  if (!unhex (string_at (v->root, "list"), list) || !unhex (string_at (v->root, "rules"), rules)
      || !unhex (string_at (v->lottery, "commitment"), commitment))
    return false;
  g_autoptr (GChecksum) announced = g_checksum_new (G_CHECKSUM_SHA256),
                        sum = g_checksum_new (G_CHECKSUM_SHA256);
  add_text (announced, "liudong lottery 1");
  add_text (announced, string_at (v->root, "pool"));
  add_part (announced, list, LOTTERY_BYTES);
  add_part (announced, rules, LOTTERY_BYTES);
  add_part (announced, commitment, LOTTERY_BYTES);
  add_text (announced, string_at (v->lottery, "source"));
  add_text (announced, string_at (v->lottery, "source_day"));
  add_text (announced, string_at (v->lottery, "fallback"));
  add_text (announced, string_at (v->lottery, "fallback_day"));
  g_checksum_get_digest (announced, fingerprint, &len);
  add_part (sum, fingerprint, LOTTERY_BYTES);
  add_part (sum, secret, LOTTERY_BYTES);
  add_text (sum, string_at (v->lottery, "used"));
  add_text (sum, string_at (v->lottery, "used_day"));
  add_text (sum, string_at (v->lottery, "value"));
  len = LOTTERY_BYTES;
  g_checksum_get_digest (sum, seed, &len);
  return true;
}

static bool
check_tickets (Verifying *v, const guint8 *seed)
{
  const char *pool = string_at (v->root, "pool");
  for (size_t i = 0; i < v->n; i++) {
    guint8 own[LOTTERY_BYTES];
    gsize len = LOTTERY_BYTES;
    g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, seed, LOTTERY_BYTES);
    g_hmac_update (hmac, (const guchar *)pool, -1);
    g_hmac_update (hmac, (const guchar *)"\x1F", 1);
    g_hmac_update (hmac, (const guchar *)v->rows[i].id, -1);
    g_hmac_get_digest (hmac, own, &len);
    if (memcmp (own, v->rows[i].ticket, LOTTERY_BYTES) != 0)
      return find_ (v, "tickets", false, arena_printf (v->arena, "%s has another ticket", v->rows[i].id));
  }
  return find_ (v, "tickets", true, arena_printf (v->arena, "%zu", v->n));
}

static bool
check_lottery (Verifying *v)
{
  guint8 secret[LOTTERY_BYTES], seed[LOTTERY_BYTES], said[LOTTERY_BYTES];
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  if (!v->lottery)
    return true;
  bool opens = unhex (string_at (v->lottery, "secret"), secret);
  g_checksum_update (sum, secret, opens ? LOTTERY_BYTES : 0);
  if (!find_ (v, "commitment", opens && same_digest (sum, string_at (v->lottery, "commitment")),
              string_at (v->lottery, "commitment")))
    return false;
  bool made = make_seed (v, secret, seed) && unhex (string_at (v->lottery, "seed"), said);
  return find_ (v, "seed", made && memcmp (seed, said, LOTTERY_BYTES) == 0, string_at (v->lottery, "value"))
         && check_tickets (v, seed);
}

/* ---- the places --------------------------------------------------------------------------- */

typedef struct {
  Row *row;
  Choice *choice;
} Asked;

static int
compare_asked (gconstpointer a, gconstpointer b, gpointer data)
{
  const Asked *x = a, *y = b;
  const Verifying *v = data;
  for (size_t k = 0; k < v->n_keys; k++)
    if (x->choice->keys[k] != y->choice->keys[k])
      return (x->choice->keys[k] < y->choice->keys[k]) == v->ascending[k] ? -1 : 1;
  if (!v->lottery)
    return 0;
  int order = memcmp (x->row->ticket, y->row->ticket, LOTTERY_BYTES);
  return order ? order : strcmp (x->row->id, y->row->id);
}

/* Every choice gets its rank in its unit's order. */
static void
rank_all (Verifying *v)
{
  g_autofree GArray **asked = g_new0 (GArray *, v->n_units);
  for (size_t u = 0; u < v->n_units; u++)
    asked[u] = g_array_new (FALSE, FALSE, sizeof (Asked));
  for (size_t i = 0; i < v->n; i++)
    for (size_t c = 0; c < v->rows[i].n; c++) {
      Asked one = { &v->rows[i], &v->rows[i].choices[c] };
      g_array_append_val (asked[one.choice->unit], one);
    }
  for (size_t u = 0; u < v->n_units; u++) {
    g_array_sort_with_data (asked[u], compare_asked, v);
    for (guint i = 0; i < asked[u]->len; i++) {
      Asked *one = &g_array_index (asked[u], Asked, i), *before = i ? one - 1 : NULL;
      one->choice->rank = before && !compare_asked (before, one, v) ? before->choice->rank : i;
    }
    g_array_unref (asked[u]);
  }
}

static int
by_number (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return x < y ? -1 : x > y;
}

/* Where the line moves when those of RANKS came: before the rank that did not fit, or, where equals are
 * admitted together, behind its equals. */
static guint32
new_line (const Verifying *v, GArray *ranks, gint64 room)
{
  g_array_sort (ranks, by_number);
  guint32 over = g_array_index (ranks, guint32, room);
  if (!v->lottery && g_str_equal (v->ties, "admit-all") && room
      && g_array_index (ranks, guint32, room - 1) == over)
    return over + 1;
  return over;
}

static bool
move_lines (Verifying *v, guint32 *lines, gint64 *seats)
{
  bool moved = false;
  g_autofree GArray **came = g_new0 (GArray *, v->n_units);
  for (size_t u = 0; u < v->n_units; u++)
    came[u] = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (size_t i = 0; i < v->n; i++) {
    seats[i] = 0;
    for (size_t c = 0; c < v->rows[i].n && !seats[i]; c++) {
      const Choice *choice = &v->rows[i].choices[c];
      if (choice->rank >= lines[choice->unit])
        continue;
      seats[i] = choice->unit + 1;
      g_array_append_val (came[choice->unit], choice->rank);
    }
  }
  for (size_t u = 0; u < v->n_units; u++) {
    if ((gint64)came[u]->len > v->capacities[u]) {
      guint32 line = new_line (v, came[u], v->capacities[u]);
      moved = moved || line < lines[u];
      lines[u] = MIN (line, lines[u]);
    }
    g_array_unref (came[u]);
  }
  return moved;
}

static bool
check_places (Verifying *v)
{
  g_autofree guint32 *lines = g_new (guint32, v->n_units);
  g_autofree gint64 *seats = g_new0 (gint64, v->n);
  for (size_t u = 0; u < v->n_units; u++)
    lines[u] = G_MAXUINT32;
  rank_all (v);
  while (move_lines (v, lines, seats))
    continue;
  for (size_t i = 0; i < v->n; i++)
    if (seats[i] != v->rows[i].seat)
      return find_ (v, "places", false,
                    arena_printf (v->arena, "%s: %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, v->rows[i].id,
                                  seats[i], v->rows[i].seat));
  return find_ (v, "places", true, arena_printf (v->arena, "%zu", v->n));
}

const DrawsFinding *
draws_verify (Arena *arena, Text transcript, size_t *n, GError **error)
{
  g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (DrawsFinding));
  Verifying v = { .arena = arena, .findings = findings };
  *n = 0;
  v.root = json_parse (arena, transcript, "transcript", error);
  if (!v.root || !read_all (&v, error))
    return NULL;
  if (check_list (&v) && check_rules (&v) && check_lottery (&v))
    check_places (&v);
  *n = findings->len;
  return arena_copy (arena, findings->data, findings->len * sizeof (DrawsFinding));
}
