/* Which papers a case still needs: none that show what the registry holds. */
#include "cases/cases_private.h"

#include <string.h>

/* The facts that MATTER's materials would show, of ROOT, read by WHO; false when they cannot be. */
static bool
read_held (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c, Subject subject,
           const RegistryEntity *root, bool *held, GError **error)
{
  const PolicyMatter *m = c->matter;
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t i = 0; i < m->n_materials; i++)
    if (m->materials[i].root == root)
      g_array_append_val (paths, m->materials[i].path);
  if (!paths->len)
    return true;
  const AccessPermit *permit
      = policy_permit (cases->options.access, arena, party_asker (arena, who, c->applicant), m->clause,
                       c->applicant, error),
      *through = permit;
  const char *name;
  if (!permit
      || (subject != c->applicant
          && !access_permit_through (permit, arena, m->provision->applicant, c->at, &through, &name, error))
      || !through)
    return permit != NULL;
  const FeelPath *kept = arena_copy (arena, paths->data, paths->len * sizeof (FeelPath));
  const RegistryReading *reading = access_read (through, arena, kept, paths->len, c->at, error);
  for (size_t i = 0; reading && i < m->n_materials; i++) {
    size_t n;
    if (m->materials[i].root != root)
      continue;
    const RegistryProvenance *const *facts
        = registry_reading_path (reading, arena, &m->materials[i].path, &n);
    held[i] = n > 0;
    for (size_t k = 0; k < n; k++)
      held[i] &= facts[k]->assumed || facts[k]->state == REGISTRY_VALUE || facts[k]->state == REGISTRY_NONE;
  }
  return reading;
}

static bool
read_files (StoreConnection *db, Arena *arena, const Case *c, CaseMaterial *all, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT id, material, name, type, bytes, at FROM cases_file"
                                       " WHERE case_id = ?1 ORDER BY id",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, c->id);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    Text material = store_text (s, 1);
    for (size_t i = 0; i < c->matter->n_materials; i++)
      if (text_equal (material, text_of (c->matter->materials[i].id))) {
        CaseMaterial *m = &all[i];
        m->state = CASE_HANDED_IN;
        m->file = store_integer (s, 0);
        m->file_name = store_string (s, 2, arena);
        m->file_type = store_string (s, 3, arena);
        m->file_bytes = store_integer (s, 4);
        m->file_at = store_integer (s, 5);
      }
  }
  return next != STORE_FAILED;
}

/* In what was named as missing last. */
static void
note_asked (const Case *c, const CaseStep *steps, size_t n, CaseMaterial *all)
{
  const CaseStep *last = NULL;
  for (size_t i = 0; i < n; i++)
    if (steps[i].action == CASE_ASK_CORRECTION)
      last = &steps[i];
  for (size_t i = 0; last && last->detail && i < c->matter->n_materials; i++) {
    g_autofree char *quoted = g_strdup_printf ("\"%s\"", c->matter->materials[i].id);
    all[i].asked_for = strstr (last->detail, quoted) && all[i].file_at <= last->at;
  }
}

/* What STEP says of a paper, unless another file has come since. */
static void
note_verdict (Arena *arena, const Case *c, const CaseStep *step, CaseMaterial *all)
{
  const JsonValue *detail = json_parse (arena, text_of (step->detail ? step->detail : ""), "detail", NULL),
                  *file = json_get (detail, "file"), *accepted = json_get (detail, "accepted");
  const char *id = json_string (json_get (detail, "material"));
  for (size_t i = 0; file && accepted && i < c->matter->n_materials; i++) {
    CaseMaterial *m = &all[i];
    if (g_strcmp0 (id, c->matter->materials[i].id) != 0
        || g_ascii_strtoll (arena_text (arena, file->text), NULL, 10) != m->file)
      continue;
    m->verdict = accepted->kind == JSON_TRUE ? CASE_PAPER_ACCEPTED : CASE_PAPER_REFUSED;
    m->why = m->verdict == CASE_PAPER_REFUSED ? step->reason : NULL;
  }
}

const char *
case_verdict_id (CaseVerdict verdict)
{
  static const char *const ids[] = { "unseen", "accepted", "refused" };
  return ids[verdict];
}

bool
materials_read (StoreConnection *db, Arena *arena, const Case *c, const CaseStep *steps, size_t n,
                CaseMaterial *all, GError **error)
{
  for (size_t i = 0; i < c->matter->n_materials; i++)
    all[i].material = &c->matter->materials[i];
  if (!read_files (db, arena, c, all, error))
    return false;
  note_asked (c, steps, n, all);
  for (size_t i = 0; i < n; i++)
    if (steps[i].action == CASE_CHECK_MATERIAL)
      note_verdict (arena, c, &steps[i], all);
  return true;
}

const CaseMaterial *
cases_materials (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c, size_t *n,
                 GError **error)
{
  const PolicyMatter *m = c->matter;
  *n = m ? m->n_materials : 0;
  CaseMaterial *all = arena_new0 (arena, CaseMaterial, *n);
  bool *held = arena_new0 (arena, bool, *n);
  if (!m)
    return all;
  const RegistryEntity *asker
      = registry_subject_entity (policy_schema (cases->options.package), c->applicant);
  if (!read_held (cases, arena, who, c, c->subject, m->provision->subject, held, error)
      || (asker != m->provision->subject
          && !read_held (cases, arena, who, c, c->applicant, asker, held, error)))
    return NULL;
  for (size_t i = 0; i < *n; i++)
    all[i].state = held[i] ? CASE_HELD : m->materials[i].required ? CASE_NEEDED : CASE_OPTIONAL;
  size_t n_steps;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  const CaseStep *steps
      = reader ? steps_read (store_reader_db (reader), arena, c->id, &n_steps, error) : NULL;
  return steps && materials_read (store_reader_db (reader), arena, c, steps, n_steps, all, error) ? all
                                                                                                  : NULL;
}
