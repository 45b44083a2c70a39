#include "town.h"

void
town_open (Town *town, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *schema = support_source ("tests/intake/county.yaml");
  town->folder = support_folder ();
  town->path = support_store (town->folder, "town.db");
  town->schema = registry_schema_load (schema, &error);
  g_assert_no_error (error);
  town->registry = registry_open (town->path, STORE_CREATE, town->schema, &error);
  g_assert_no_error (error);
  g_assert_true (intake_migrate (registry_store (town->registry), &error));
  town->arena = arena_new ();
}

void
town_close (Town *town, gconstpointer unused)
{
  registry_close (town->registry);
  registry_schema_free (town->schema);
  arena_free (town->arena);
  support_remove (town->folder);
  g_free (town->folder);
  g_free (town->path);
}

char *
town_file (const Town *town, const char *name, const char *text)
{
  char *path = g_build_filename (town->folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

IntakeRun
town_import_with (Town *town, const char *name, const char *text, IntakeOptions options)
{
  GError *error = NULL;
  IntakeRun run;
  g_autofree char *path = town_file (town, name, text);
  options.entity = options.entity ? options.entity : "resident";
  options.source = options.source ? options.source : "公安局";
  options.actor = options.actor ? options.actor : "steward";
  bool ok = intake_import (town->registry, path, &options, town->arena, &run, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  return run;
}

IntakeRun
town_import (Town *town, const char *text)
{
  return town_import_with (town, "file.csv", text, (IntakeOptions){ 0 });
}

char *
town_problems (Town *town, gint64 run)
{
  GString *out = g_string_new (NULL);
  GError *error = NULL;
  gint64 next = 0;
  size_t n = 0;
  const IntakeProblem *p = intake_problems (town->registry, town->arena, run, 0, 1000, &next, &n, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < n; i++) {
    g_string_append_printf (out, "%" G_GINT64_FORMAT " %s: %s\n", p[i].row, p[i].column, p[i].wrong_en);
    g_assert_true (*p[i].wrong_zh && *p[i].mend_zh && *p[i].mend_en);
  }
  return g_string_free (out, FALSE);
}

char *
town_value (Town *town, const char *subject, const char *name)
{
  Subject s;
  GError *error = NULL;
  g_assert_true (registry_subject_parse (town->schema, text_of (subject), &s));
  const RegistryReading *r = registry_read (town->registry, town->arena, s, NULL, 0,
                                            (RegistryMoment){ civil_today (), G_MAXINT64 }, &error);
  if (!r) {
    char *message = g_strdup (error->message);
    g_error_free (error);
    return message;
  }
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (r, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (facts[i]->attribute->id, name))
      return g_strdup (facts[i]->value.kind == FEEL_UNKNOWN ? "unknown"
                                                            : feel_display (town->arena, facts[i]->value));
  g_assert_not_reached ();
}

gint64
town_count (Town *town, const char *table)
{
  gint64 n;
  g_autoptr (StoreReader) reader = store_reader (registry_store (town->registry), NULL);
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", table);
  g_assert_true (store_query (store_reader_db (reader), g_intern_string (sql), -1, &n, NULL));
  return n;
}

const char *
town_id_number (Town *town, int i, const char *day, bool male)
{
  char *number = arena_printf (town->arena, "350121%.4s%.2s%.2s%03d?", day, day + 5, day + 8, i * 2 + male);
  number[17] = identity_citizen_check (number);
  return number;
}
