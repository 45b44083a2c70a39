#include "tables.h"

#include <string.h>

typedef struct {
  const DemoData *data;
  const DemoTable *table;
  GError **error;
} Check;

static bool
fail (const Check *c, const char *message, Text about)
{
  g_set_error (c->error, FAULT, FAULT_INPUT, "%s:%u: %s: %s: %.*s", c->data->path, c->table->line,
               c->table->id, message, (int)about.len, about.bytes);
  return false;
}

/* Whether WORDS, blanks between, has WORD. */
static bool
has_word (const char *words, Text word)
{
  for (const char *at = words; *at;) {
    size_t len = strcspn (at, " ");
    if (text_equal ((Text){ at, len }, word))
      return true;
    at += len + (at[len] == ' ');
  }
  return false;
}

static bool
check_names (const Check *c, const char *rows)
{
  const DemoTable *t = c->table;
  if (g_str_equal (rows, "*"))
    return true;
  if (!*rows)
    return (t->n == 1 && t->rows[0].name.len == 0)
           || fail (c, "one row without a name is needed", text_of (""));
  for (size_t i = 0; i < t->n; i++)
    if (!has_word (rows, t->rows[i].name))
      return fail (c, "there is no use for the row", t->rows[i].name);
  for (const char *at = rows; *at;) {
    Text name = { at, strcspn (at, " ") };
    if (!demo_row_text (t, name))
      return fail (c, "a row is missing", name);
    at += name.len + (at[name.len] == ' ');
  }
  return true;
}

static bool
check_outcomes (const Check *c, const DemoShape *shape, const DemoRow *row)
{
  for (size_t i = 0; i < row->n; i++) {
    const DemoOutcome *o = &row->outcomes[i];
    if (shape->holds == DEMO_HOLDS_NUMBERS && (!o->is_number || o->from < shape->from || o->to > shape->to))
      return fail (c, "not a number or range that is possible here", o->text);
    if (shape->allowed && !has_word (shape->allowed, o->text))
      return fail (c, "no such outcome", o->text);
  }
  return true;
}

static bool
check_shape (const Check *c, const DemoShape *shape, const char *rows)
{
  if (c->table->rates != (shape->holds == DEMO_HOLDS_RATES))
    return fail (c, "of the wrong kind",
                 text_of (c->table->rates ? "rates, not weights" : "weights, not rates"));
  if (!check_names (c, rows))
    return false;
  for (size_t i = 0; i < c->table->n; i++)
    if (!check_outcomes (c, shape, &c->table->rows[i]))
      return false;
  return true;
}

/* Each trade has a code and words for names. */
static bool
check_trades (const DemoData *data, GError **error)
{
  const DemoRow *trades = data->trade->rows;
  const DemoTable *needed[] = { data->trade_code, data->trade_words };
  for (size_t t = 0; t < G_N_ELEMENTS (needed); t++)
    for (size_t i = 0; i < trades->n; i++)
      if (!demo_row_text (needed[t], trades->outcomes[i].text))
        return fail (&(Check){ data, needed[t], error }, "a row is missing", trades->outcomes[i].text);
  return true;
}

static bool
check_clusters (const DemoData *data, GError **error)
{
  for (size_t i = 0; i < data->cluster->n; i++) {
    const DemoRow *row = &data->cluster->rows[i];
    for (size_t k = 0; k < row->n; k++)
      if (demo_township_of (data, row->outcomes[k].text) < 0)
        return fail (&(Check){ data, data->cluster, error }, "no such township", row->outcomes[k].text);
  }
  return true;
}

bool
demo_shape_check (const DemoData *data, GError **error)
{
  const struct {
    const DemoTable *table;
    DemoShape shape;
    const char *rows;
  } all[] = {
#define T(name, shape, rows) { data->name, shape, rows },
    DEMO_TABLES (T)
#undef T
  };
  for (size_t i = 0; i < G_N_ELEMENTS (all); i++)
    if (!check_shape (&(Check){ data, all[i].table, error }, &all[i].shape, all[i].rows))
      return false;
  return check_trades (data, error) && check_clusters (data, error);
}
