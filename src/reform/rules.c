/* Decisions as they are written, so that two packages can be held against each other.
 *
 * A decision is spelled out with its type, all that is boxed in it, and the values of the parameters
 * that it reads; with what it requires it is a digest (SHA-256) of that and of their digests. */
#include "reform_private.h"

struct Rules {
  const PolicyPackage *package;
  Day as_of;
  Arena *arena;
  GHashTable *own, *all; /* DmnDecision * → text */
};

Rules *
rules_new (const PolicyPackage *package, Day as_of)
{
  Rules *r = g_new0 (Rules, 1);
  *r = (Rules){ package, as_of, arena_new (), g_hash_table_new (NULL, NULL), g_hash_table_new (NULL, NULL) };
  return r;
}

void
rules_free (Rules *r)
{
  g_hash_table_unref (r->own);
  g_hash_table_unref (r->all);
  arena_free (r->arena);
  g_free (r);
}

/* ---- spelled out ----------------------------------------------------------- */

/* Ended by a byte that no text has, so that two texts are not taken for one. */
static void
spell (GString *out, Text text)
{
  g_string_append_len (out, text.bytes, (gssize)text.len);
  g_string_append_c (out, '\1');
}

static void
spell_columns (GString *out, const DmnColumn *columns, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    spell (out, columns[i].label);
    spell (out, columns[i].allowed.text);
    spell (out, columns[i].standard.text);
  }
}

static void
spell_table (GString *out, const DmnTable *table)
{
  spell (out, text_of (dmn_hit_policy_symbol (table->policy)));
  g_string_append_printf (out, "%zu/%zu", table->n_inputs, table->n_outputs);
  spell_columns (out, table->inputs, table->n_inputs);
  spell_columns (out, table->outputs, table->n_outputs);
  for (size_t r = 0; r < table->n_rules; r++) {
    for (size_t i = 0; i < table->n_inputs; i++)
      spell (out, table->rules[r].tests[i].text);
    for (size_t i = 0; i < table->n_outputs; i++)
      spell (out, table->rules[r].outputs[i].text);
  }
}

static void
spell_logic (GString *out, const DmnExpression *logic)
{
  if (!logic)
    return;
  g_string_append_printf (out, "%d:%zu,%zu", (int)logic->kind, logic->n_names, logic->n_parts);
  spell (out, logic->cell.text);
  if (logic->table)
    spell_table (out, logic->table);
  for (size_t i = 0; i < logic->n_names; i++) {
    spell (out, logic->names[i].name);
    spell (out, logic->names[i].type_name);
  }
  for (size_t i = 0; i < logic->n_parts; i++)
    spell_logic (out, logic->parts[i]);
}

/* The values of the parameters that D itself reads. */
static void
spell_parameters (Rules *r, GString *out, const DmnDecision *d)
{
  for (size_t i = 0; i < d->n_paths; i++) {
    const FeelPath *path = &d->paths[i];
    const char *variable = dmn_path_variable (d, path);
    if (!path->n || !variable || strcmp (variable, POLICY_PARAMETERS) != 0)
      continue;
    const PolicyParameter *p = policy_parameter (r->package, arena_text (r->arena, path->members[0]));
    const PolicyParameterValue *value = p ? policy_parameter_at (p, r->as_of) : NULL;
    spell (out, path->members[0]);
    spell (out, text_of (value ? value->value_text : NULL));
  }
}

const char *
rules_own (Rules *r, const DmnDecision *d)
{
  if (!d)
    return "";
  const char *known = g_hash_table_lookup (r->own, d);
  if (known)
    return known;
  g_autoptr (GString) out = g_string_new (NULL);
  spell (out, d->name);
  spell (out, d->type_name);
  spell_logic (out, d->logic);
  spell_parameters (r, out, d);
  known = arena_text (r->arena, (Text){ out->str, out->len });
  g_hash_table_insert (r->own, (gpointer)d, (gpointer)known);
  return known;
}

/* ---- with what they require ------------------------------------------------- */

const char *
rules_all (Rules *r, const DmnDecision *d)
{
  if (!d)
    return "";
  const char *known = g_hash_table_lookup (r->all, d);
  if (known)
    return known;
  g_hash_table_insert (r->all, (gpointer)d, (gpointer) ""); /* a function that calls itself */
  g_autoptr (GString) out = g_string_new (rules_own (r, d));
  for (size_t i = 0; i < d->n_requires; i++)
    spell (out, text_of (rules_all (r, d->requires_[i])));
  g_autofree char *digest
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)out->str, out->len);
  known = arena_text (r->arena, text_of (digest));
  g_hash_table_insert (r->all, (gpointer)d, (gpointer)known);
  return known;
}
