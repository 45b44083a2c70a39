/* circular.yaml against the document it was written from: titles, units,
 * figures, and one action per task sentence with the same strength. */
#include "support.h"

#include <locale.h>
#include "circular/circular.h"
#include "policy/policy.h"

typedef struct {
  Circular *read;
  PolicyPackage *package;
  DmnFaults *faults;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = support_shared ("circular/minhou-2021-81.txt");
  if (!path)
    return;
  GError *error = NULL;
  f->read = circular_read_file (path, &error);
  g_assert_no_error (error);
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  f->faults = dmn_faults_new ();
  f->package = policy_load (folder, f->faults, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->read, circular_free);
  g_clear_pointer (&f->package, policy_free);
  g_clear_pointer (&f->faults, dmn_faults_free);
}

static void
same_list (const char *const *written, const char *const *read, size_t n)
{
  for (size_t i = 0; i < n; i++)
    g_assert_cmpstr (written[i], ==, read[i]);
  g_assert_cmpuint (g_strv_length ((char **)written), ==, n);
}

static void
test_head (Fixture *f, gconstpointer data)
{
  if (!f->read)
    return;
  const PolicyCircular *c = policy_circular (f->package);
  g_assert_cmpstr (c->number, ==, f->read->document_number);
  g_assert_cmpstr (c->issuer, ==, f->read->issuer);
  g_assert_cmpstr (c->title.zh, ==, f->read->title);
  g_assert_cmpstr (c->date, ==, f->read->date);
  g_assert_cmpstr (c->openness, ==, f->read->openness);
  g_assert_cmpstr (c->parent, ==, f->read->parent_number);
  same_list (c->addressees, f->read->addressees, f->read->n_addressees);
  same_list (c->copies_to, f->read->copies_to, f->read->n_copies_to);
  same_list (c->annexes, f->read->annexes, f->read->n_annexes);
}

static void
same_units (const PolicyClause *written, const CircularClause *read)
{
  g_assert_cmpuint (g_strv_length ((char **)written->supporting) + 1, ==, read->n_units);
  for (size_t i = 0; i < read->n_units; i++) {
    g_assert_cmpint (read->units[i].lead, ==, i == 0);
    g_assert_cmpstr (i ? written->supporting[i - 1] : written->lead, ==, read->units[i].name);
  }
}

static void
same_figures (const PolicyClause *written, const CircularClause *read)
{
  g_assert_cmpuint (written->n_figures, ==, read->n_figures);
  for (size_t i = 0; i < MIN (written->n_figures, read->n_figures); i++) {
    const PolicyFigure *w = &written->figures[i];
    const CircularFigure *r = &read->figures[i];
    Decimal value;
    g_assert_cmpint (*w->value != 0, ==, r->has_value);
    if (r->has_value && decimal_parse (text_of (w->value), &value)) {
      g_assert_true (decimal_equal (value, r->value));
      g_assert_cmpstr (w->unit, ==, r->unit);
    }
    g_assert_cmpstr (w->relation, ==, r->relation);
  }
}

static void
same_actions (const PolicyAction *written, size_t n, const CircularClause *read)
{
  g_assert_cmpuint (n, ==, read->n_actions);
  for (size_t i = 0; i < MIN (n, read->n_actions); i++) {
    g_test_message ("action %s: %s", written[i].id, read->actions[i].text);
    g_assert_cmpstr (policy_strength_id (written[i].strength), ==,
                     circular_strength_name (read->actions[i].strength));
  }
}

static void
test_clauses (Fixture *f, gconstpointer data)
{
  if (!f->read)
    return;
  const PolicyCircular *c = policy_circular (f->package);
  g_assert_cmpuint (c->n_sections, ==, f->read->n_sections);
  for (size_t s = 0; s < c->n_sections; s++) {
    const CircularSection *section = &f->read->sections[s];
    g_assert_cmpstr (c->sections[s].title.zh, ==, section->title);
    g_assert_cmpuint (c->sections[s].n_clauses, ==, section->n_clauses);
    for (size_t i = 0; i < section->n_clauses; i++) {
      const PolicyClause *written = c->sections[s].clauses[i];
      const CircularClause *read = &section->clauses[i];
      g_assert_cmpint (written->number, ==, (int)read->number);
      g_assert_cmpstr (written->label, ==, read->label);
      g_assert_cmpstr (written->title.zh, ==, read->title);
      same_units (written, read);
      same_list (c->inherited, read->inherited_units, read->n_inherited_units);
      same_figures (written, read);
      same_actions (written->actions, written->n_actions, read);
    }
  }
}

static void
test_closing (Fixture *f, gconstpointer data)
{
  if (!f->read)
    return;
  const PolicyCircular *c = policy_circular (f->package);
  g_assert_nonnull (f->read->closing);
  g_assert_cmpuint (f->read->closing->n_units, ==, 1);
  g_assert_cmpstr (c->closing_units[0], ==, f->read->closing->units[0].name);
  same_actions (c->closing_actions, c->n_closing_actions, f->read->closing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_set_nonfatal_assertions ();
  g_test_add ("/policy/circular/head", Fixture, NULL, set_up, test_head, tear_down);
  g_test_add ("/policy/circular/clauses", Fixture, NULL, set_up, test_clauses, tear_down);
  g_test_add ("/policy/circular/closing", Fixture, NULL, set_up, test_closing, tear_down);
  return g_test_run ();
}
