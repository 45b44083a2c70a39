/* The list: eligibility and keys of all as of the last day, hashes, the commitment. */
#include "draws/draws_private.h"

#include <string.h>

/* ---- keys ---- */

static void
add_keys (GString *text, const DrawsChoice *choice, size_t n)
{
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i ? ";" : "", choice->keys[i]);
}

/* ---- weighing all -------------------------------------------------------------------- */

typedef struct {
  Draws *draws;
  const AccessAccount *who;
  Arena *arena;
  const DrawRow *row;
  Book book;
  AccessRun *run;
  bool by_place; /* some decision looks at the place */
  const RegistryReading **places;
  RegistryMoment at;
  gint64 now;
  Sealed sealed;
} Closing;

static bool
asks_place (const Closing *c)
{
  const PolicyAllocation *a = c->row->round.allocation;
  const PolicyPackage *package = c->draws->options.package;
  size_t n = 0;
  if (!a->place)
    return false;
  policy_decision_paths (package, c->arena, a->place, a->eligible, &n);
  for (size_t i = 0; !n && i < a->n_priorities; i++)
    policy_decision_paths (package, c->arena, a->place, a->priorities[i].decision, &n);
  return n > 0;
}

static bool
read_places (Closing *c, GError **error)
{
  c->by_place = asks_place (c);
  c->places = arena_new0 (c->arena, const RegistryReading *, c->book.n_units);
  for (size_t u = 0; c->by_place && u < c->book.n_units; u++)
    if (!(c->places[u]
          = draws_read_place (c->draws, c->arena, c->who, c->book.allocation, c->book.units[u].place, error)))
      return false;
  return true;
}

/* Why not, in words. */
static const char *
why_not (Arena *arena, const PolicyWeight *weight)
{
  const char *const *words = weight->outcome == POLICY_NO ? weight->notes : weight->missing;
  g_autofree char *joined = g_strjoinv ("；", (char **)(gsize)words);
  return arena_printf (arena, "%s%s", weight->outcome == POLICY_NO ? "" : "缺少：", joined);
}

static void
weigh_choice (const Closing *c, Arena *scratch, const RegistryReading *facts, BookRow *row,
              DrawsChoice *choice)
{
  size_t n = c->book.allocation->n_priorities;
  gint64 *keys = arena_new0 (c->arena, gint64, n);
  const PolicyWeight *weight
      = policy_weigh (c->draws->options.package, scratch, c->book.allocation, facts,
                      c->by_place ? c->places[choice->unit] : NULL, c->row->round.deadline, true);
  choice->eligible = weight->outcome == POLICY_YES;
  choice->note = choice->eligible ? NULL : why_not (c->arena, weight);
  for (size_t i = 0; choice->eligible && i < n; i++)
    if (!weigh_scaled (weight->keys[i], &keys[i])) {
      choice->eligible = false;
      choice->note
          = arena_printf (c->arena, "缺少：%.*s", (int)c->book.allocation->priorities[i].decision->name.len,
                          c->book.allocation->priorities[i].decision->name.bytes);
    }
  choice->keys = keys;
  for (size_t r = 0; choice->eligible && r < c->book.allocation->n_reserves; r++)
    if (feel_is_true (weight->members[r]))
      row->traits |= (guint64)1 << r;
}

static bool
weigh_row (const Closing *c, Arena *scratch, BookRow *row, GError **error)
{
  const RegistryReading *facts = access_run_read (c->run, scratch, row->applicant, c->at, error);
  DrawsChoice *choices = arena_copy (c->arena, row->a.choices, row->a.n_choices * sizeof (DrawsChoice));
  bool any = false;
  if (!facts)
    return false;
  for (size_t i = 0; i < row->a.n_choices; i++) {
    if (i && !c->by_place) {
      guint32 unit = choices[i].unit;
      choices[i] = choices[0];
      choices[i].unit = unit;
    } else
      weigh_choice (c, scratch, facts, row, &choices[i]);
    any = any || choices[i].eligible;
  }
  row->a.choices = choices;
  if (!any) {
    row->a.standing = DRAWS_STRUCK;
    row->a.reason = choices[0].note;
  }
  return true;
}

static bool
weigh_all (Closing *c, GError **error)
{
  g_autoptr (AuditSet) subjects = audit_set_new ();
  g_autoptr (Arena) scratch = arena_new ();
  const PolicyAllocation *allocation = c->book.allocation;
  size_t n;
  for (size_t i = 0; i < c->book.n; i++)
    if (c->book.rows[i].a.standing == DRAWS_STANDING)
      audit_set_add (subjects, c->book.rows[i].applicant);
  const FeelPath *paths
      = policy_allocation_paths (c->draws->options.package, c->arena, allocation, allocation->applicant, &n);
  c->run = access_run_new (c->draws->options.access, c->who, allocation->clause->purpose->id,
                           allocation->applicant, paths, n, subjects, NULL, error);
  bool good = c->run && read_places (c, error);
  for (size_t i = 0; good && i < c->book.n; i++) {
    arena_reset (scratch);
    good = c->book.rows[i].a.standing != DRAWS_STANDING || weigh_row (c, scratch, &c->book.rows[i], error);
  }
  g_clear_pointer (&c->run, access_run_free);
  return good;
}

/* ---- sealing --------------------------------------------------------------------------- */

static bool
seal (Closing *c, GError **error)
{
  size_t n = 0;
  for (size_t i = 0; i < c->book.n; i++)
    n += c->book.rows[i].a.standing == DRAWS_STANDING;
  if (n)
    return spec_seal (c->arena, c->row, &c->book, &c->sealed, error);
  g_set_error (error, FAULT, FAULT_CONFLICT, "nobody eligible has applied: cancel the round");
  return false;
}

/* ---- writing ------------------------------------------------------------------------------- */

static bool
write_choice (StoreConnection *db, gint64 application, gint64 position, const DrawsChoice *choice, size_t n,
              GError **error)
{
  g_autoptr (GString) keys = g_string_new (NULL);
  add_keys (keys, choice, n);
  StoreStatement *s = store_statement (
      db,
      "UPDATE draw_choice SET eligible = ?3, keys = ?4, note = ?5 WHERE application = ?1 AND position = ?2",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, application);
  store_bind_integer (s, 2, position);
  store_bind_integer (s, 3, choice->eligible);
  store_bind_text (s, 4, keys->str);
  store_bind_text (s, 5, choice->note);
  return store_run (s, error);
}

static bool
write_row (StoreConnection *db, const Closing *c, const BookRow *row, GError **error)
{
  for (size_t i = 0; i < row->a.n_choices; i++)
    if (!write_choice (db, row->a.id, (gint64)i, &row->a.choices[i], c->book.allocation->n_priorities, error))
      return false;
  StoreStatement *s = store_statement (
      db, "UPDATE draw_application SET standing = ?2, reason = ?3, traits = ?4 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, row->a.id);
  store_bind_integer (s, 2, row->a.standing);
  store_bind_text (s, 3, row->a.reason);
  store_bind_integer (s, 4, (gint64)row->traits);
  return store_run (s, error);
}

static bool
write_round (StoreConnection *db, const Closing *c, GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "UPDATE draw_round SET state = 2, closed_by = ?2, closed_at = ?3, list = ?4,"
                         " rules = ?5, commitment = ?6, secret = ?7, announcement = ?8 WHERE id = ?1",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, c->row->round.id);
  store_bind_text (s, 2, c->who->name);
  store_bind_integer (s, 3, c->now);
  store_bind_text (s, 4, c->sealed.list);
  store_bind_text (s, 5, c->sealed.rules);
  store_bind_text (s, 6, c->sealed.commitment);
  store_bind_text (s, 7, c->sealed.secret);
  store_bind_text (s, 8, c->sealed.announcement);
  return store_run (s, error);
}

/* Who is not on the list hears so, and why. */
static bool
tell_struck (StoreConnection *db, const Closing *c, const BookRow *row, GError **error)
{
  return row->a.standing != DRAWS_STRUCK || book_tell (db, c->draws, c->row, row, "round-struck", error);
}

/* After the last day nobody applies any more, so that what was weighed is what is there. */
static bool
write_closing (StoreConnection *db, gpointer data, GError **error)
{
  Closing *c = data;
  DrawRow now;
  if (!round_row_find (db, c->draws, c->arena, c->row->round.id, &now, error))
    return false;
  if (now.round.state == DRAWS_CLOSED)
    return true;
  if (now.round.state != DRAWS_OPEN || now.round.n_applications != c->row->round.n_applications) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "the round changed meanwhile: look again");
    return false;
  }
  for (size_t i = 0; i < c->book.n; i++)
    if (c->book.rows[i].a.standing != DRAWS_WITHDRAWN
        && (!write_row (db, c, &c->book.rows[i], error) || !tell_struck (db, c, &c->book.rows[i], error)))
      return false;
  return write_round (db, c, error) && draws_note (db, c->who, "close", c->row->round.id, 0, error);
}

bool
close_round (Draws *draws, const AccessAccount *who, Arena *arena, const DrawRow *row, GError **error)
{
  Closing c = { .draws = draws, .who = who, .arena = arena, .row = row, .now = draws_now (draws) };
  c.at = (RegistryMoment){ row->round.deadline, G_MAXINT64 };
  g_autoptr (StoreReader) reader = store_reader (draws->store, error);
  if (!reader || !book_read (store_reader_db (reader), arena, row, &c.book, error))
    return false;
  g_clear_pointer (&reader, store_reader_release);
  return weigh_all (&c, error) && seal (&c, error) && store_write (draws->store, write_closing, &c, error);
}
