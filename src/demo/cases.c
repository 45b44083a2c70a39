/* Showcase files: subjects written out by hand, one file per clause. */
#include "naming.h"
#include "showcase.h"

#include <string.h>

typedef struct Case Case;

typedef struct {
  RegistryFact fact;
  const char *name; /* a reference: the other subject's name in the file, until it is resolved */
  const Case *to;
  unsigned line;
} CaseFact;

struct Case {
  const RegistryEntity *entity;
  const char *name; /* in its file; "" for what stands inside another's collection */
  GArray *facts;    /* CaseFact */
  Subject subject;
};

typedef struct {
  const Case *of;
  DemoShowcase shown;
} Shown;

struct DemoShowcases {
  Arena *arena;
  const RegistrySchema *schema;
  GPtrArray *cases; /* Case *, in order of file and line */
  GArray *shown;    /* Shown */
};

/* ---- reading ----------------------------------------------------------- */

/* One file. */
typedef struct {
  DemoShowcases *all;
  YamlFile yaml;
  int clause;
  guint first; /* of its cases in all->cases */
  GError **error;
} Reader;

static const char *
copy (const Reader *r, Text text)
{
  return arena_text (r->all->arena, text);
}

static Case *
add_case (Reader *r, const RegistryEntity *entity, const char *name)
{
  Case *c = arena_new0 (r->all->arena, Case, 1);
  *c = (Case){ .entity = entity, .name = name, .facts = g_array_new (FALSE, TRUE, sizeof (CaseFact)) };
  g_ptr_array_add (r->all->cases, c);
  return c;
}

static Case *
find_case (const Reader *r, const char *name)
{
  for (guint i = r->first; i < r->all->cases->len; i++) {
    Case *c = r->all->cases->pdata[i];
    if (*name && g_str_equal (c->name, name))
      return c;
  }
  return NULL;
}

static bool read_facts (Reader *r, yaml_node_t *node, Case *c);

/* Those who belong to C by their reference VIA, as they stand in its list. */
static bool
read_collection (Reader *r, const RegistryAttribute *a, yaml_node_t *node, const Case *c)
{
  if (node->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&r->yaml, node, r->error, "%s: write a list of facts, - {…}", a->id);
  for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
       item++) {
    Case *member = add_case (r, a->target, "");
    CaseFact back = { .fact = { .attribute = a->via, .state = REGISTRY_VALUE }, .to = c };
    g_array_append_val (member->facts, back);
    if (!read_facts (r, yaml_file_node (&r->yaml, *item), member))
      return false;
  }
  return true;
}

static bool
read_value (Reader *r, const RegistryAttribute *a, yaml_node_t *node, Case *c)
{
  Text text;
  if (!yaml_text (&r->yaml, node, a->id, &text, r->error))
    return false;
  CaseFact fact
      = { .fact = { .attribute = a, .state = REGISTRY_VALUE }, .line = (unsigned)node->start_mark.line + 1 };
  if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && text_equal (text, text_of ("null")))
    fact.fact.state = REGISTRY_NONE;
  else if (a->kind == REGISTRY_REFERENCE)
    fact.name = copy (r, text);
  else {
    g_autoptr (GError) reason = NULL;
    const char *value = copy (r, text);
    if (!registry_fact_parse (r->all->schema, a, text_of (value), &fact.fact, &reason))
      return yaml_fail (&r->yaml, node, r->error, "%s: %s", a->id, reason->message);
  }
  g_array_append_val (c->facts, fact);
  return true;
}

static bool
read_facts (Reader *r, yaml_node_t *node, Case *c)
{
  if (node->type != YAML_MAPPING_NODE)
    return yaml_fail (&r->yaml, node, r->error, "facts of %s: write attribute: value", c->entity->id);
  for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    yaml_node_t *key = yaml_file_node (&r->yaml, pair->key), *value = yaml_file_node (&r->yaml, pair->value);
    Text id;
    if (!yaml_text (&r->yaml, key, "an attribute", &id, r->error))
      return false;
    const RegistryAttribute *a = registry_entity_attribute (c->entity, copy (r, id));
    if (!a)
      return yaml_fail (&r->yaml, key, r->error, "registry.yaml: %s has no attribute \"%.*s\"", c->entity->id,
                        (int)id.len, id.bytes);
    if (a->kind == REGISTRY_COLLECTION ? !read_collection (r, a, value, c) : !read_value (r, a, value, c))
      return false;
    if (c->facts->len > DEMO_FACTS_MAX - 8) /* room for what is filled in */
      return yaml_fail (&r->yaml, value, r->error, "more facts of one subject than %d", DEMO_FACTS_MAX - 8);
  }
  return true;
}

static const char *const *
read_missing (Reader *r, yaml_node_t *node)
{
  yaml_node_t *list = yaml_get (&r->yaml, node, "missing");
  if (!list || list->type != YAML_SEQUENCE_NODE)
    return NULL;
  size_t n = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
  const char **names = arena_new0 (r->all->arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++) {
    const yaml_node_t *item = yaml_file_node (&r->yaml, list->data.sequence.items.start[i]);
    names[i]
        = item->type == YAML_SCALAR_NODE ? copy (r, text_of ((const char *)item->data.scalar.value)) : "";
  }
  return names;
}

static bool
read_shown (Reader *r, yaml_node_t *node, const Case *of, const char *zh, const char *en)
{
  static const char *const known[] = { "provision", "answer", "missing", NULL };
  static const char *const outcomes[] = { "yes", "no", "undetermined", NULL };
  Text provision = TEXT_LITERAL ("main"), answer;
  if (!yaml_check_mapping (&r->yaml, node, known, "an answer", r->error)
      || !yaml_get_text (&r->yaml, node, "provision", false, &provision, r->error)
      || !yaml_get_text (&r->yaml, node, "answer", true, &answer, r->error))
    return false;
  Shown shown = { .of = of,
                  .shown = { .clause = r->clause,
                             .provision = copy (r, provision),
                             .outcome = copy (r, answer),
                             .missing = read_missing (r, node),
                             .zh = zh,
                             .en = en } };
  if (!g_strv_contains (outcomes, shown.shown.outcome))
    return yaml_fail (&r->yaml, node, r->error, "answer: \"%s\" is none of yes, no, undetermined",
                      shown.shown.outcome);
  g_array_append_val (r->all->shown, shown);
  return true;
}

static bool
read_answers (Reader *r, yaml_node_t *node, const Case *c)
{
  Text zh, en;
  if (!yaml_get_text (&r->yaml, node, "zh", true, &zh, r->error)
      || !yaml_get_text (&r->yaml, node, "en", true, &en, r->error))
    return false;
  yaml_node_t *shows = yaml_get (&r->yaml, node, "shows");
  if (shows && shows->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&r->yaml, shows, r->error, "shows: write a list, - {provision: …, answer: …}");
  const char *who = copy (r, zh), *in_english = copy (r, en);
  for (yaml_node_item_t *item = shows ? shows->data.sequence.items.start : NULL;
       shows && item < shows->data.sequence.items.top; item++)
    if (!read_shown (r, yaml_file_node (&r->yaml, *item), c, who, in_english))
      return false;
  return true;
}

/* "- school: 样例一": the key that is none of the others names the entity. */
static const RegistryEntity *
entity_of (Reader *r, yaml_node_t *node, const char **name)
{
  static const char *const others[] = { "zh", "en", "facts", "shows", NULL };
  const RegistryEntity *entity = NULL;
  if (node->type != YAML_MAPPING_NODE)
    return NULL;
  for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    const char *key = (const char *)yaml_file_node (&r->yaml, pair->key)->data.scalar.value;
    const yaml_node_t *value = yaml_file_node (&r->yaml, pair->value);
    if (g_strv_contains (others, key))
      continue;
    if (entity || value->type != YAML_SCALAR_NODE)
      return NULL;
    entity = registry_schema_entity (r->all->schema, key);
    *name = copy (r, text_of ((const char *)value->data.scalar.value));
  }
  return entity;
}

static bool
read_case (Reader *r, yaml_node_t *node)
{
  const char *name = "";
  const RegistryEntity *entity = entity_of (r, node, &name);
  if (!entity || !*name)
    return yaml_fail (
        &r->yaml, node, r->error,
        "a subject begins with its entity and a name, e.g. school: 样例一, and has zh, en, facts, shows");
  if (find_case (r, name))
    return yaml_fail (&r->yaml, node, r->error, "there are two subjects \"%s\" in this file", name);
  Case *c = add_case (r, entity, name);
  yaml_node_t *facts = yaml_get (&r->yaml, node, "facts");
  return (!facts || read_facts (r, facts, c)) && read_answers (r, node, c);
}

static bool
resolve (Reader *r)
{
  for (guint i = r->first; i < r->all->cases->len; i++) {
    const Case *c = r->all->cases->pdata[i];
    for (guint k = 0; k < c->facts->len; k++) {
      CaseFact *f = &g_array_index (c->facts, CaseFact, k);
      if (!f->name)
        continue;
      f->to = find_case (r, f->name);
      if (!f->to || f->to->entity != f->fact.attribute->target) {
        g_set_error (r->error, FAULT, FAULT_INPUT, "%s:%u: %s: this file has no %s called \"%s\"",
                     r->yaml.path, f->line, f->fact.attribute->id, f->fact.attribute->target->id, f->name);
        return false;
      }
    }
  }
  return true;
}

static bool
read_cases (Reader *r)
{
  yaml_node_t *root = yaml_file_root (&r->yaml);
  if (!root)
    return true;
  if (root->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&r->yaml, root, r->error, "the file is a list of subjects, - school: 样例一 …");
  for (yaml_node_item_t *item = root->data.sequence.items.start; item < root->data.sequence.items.top; item++)
    if (!read_case (r, yaml_file_node (&r->yaml, *item)))
      return false;
  return resolve (r);
}

static bool
read_file (DemoShowcases *all, const char *path, int clause, GError **error)
{
  g_autofree char *text = NULL;
  gsize len;
  GError *reason = NULL;
  if (!g_file_get_contents (path, &text, &len, &reason)) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: it cannot be read: %s", path, reason->message);
    g_error_free (reason);
    return false;
  }
  Reader r = { .all = all, .clause = clause, .first = all->cases->len, .error = error };
  if (!yaml_file_parse (&r.yaml, path, (Text){ text, len }, error))
    return false;
  bool ok = read_cases (&r);
  yaml_file_clear (&r.yaml);
  return ok;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The files of FOLDER in order; NULL with an error when it cannot be read. */
static GPtrArray *
list_files (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  if (!dir) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: no such folder of showcase files", folder);
    return NULL;
  }
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (dir));)
    if (g_str_has_suffix (name, ".yaml"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, by_name);
  return names;
}

DemoShowcases *
demo_showcases_load (const char *folder, const RegistrySchema *schema, GError **error)
{
  g_autoptr (GPtrArray) names = list_files (folder, error);
  if (!names)
    return NULL;
  g_autoptr (DemoShowcases) all = g_new0 (DemoShowcases, 1);
  *all = (DemoShowcases){ arena_new (), schema, g_ptr_array_new (),
                          g_array_new (FALSE, TRUE, sizeof (Shown)) };
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (!g_ascii_isdigit (name[0]) || !g_ascii_isdigit (name[1]) || name[2] != '-') {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s: the name begins with the clause's number, e.g. 07-leave.yaml", path);
      return NULL;
    }
    if (!read_file (all, path, atoi (name), error))
      return NULL;
  }
  return g_steal_pointer (&all);
}

void
demo_showcases_free (DemoShowcases *all)
{
  if (!all)
    return;
  for (guint i = 0; i < all->cases->len; i++)
    g_array_unref (((Case *)all->cases->pdata[i])->facts);
  g_ptr_array_unref (all->cases);
  g_array_unref (all->shown);
  arena_free (all->arena);
  g_free (all);
}

/* ---- what they answer -------------------------------------------------- */

static int
by_clause (const void *a, const void *b)
{
  const DemoShowcase *x = a, *y = b;
  return x->clause != y->clause ? x->clause - y->clause : 0;
}

const DemoShowcase *
demo_showcases_list (const DemoShowcases *all, Arena *arena, size_t *n)
{
  size_t n_own, n_files = all ? all->shown->len : 0;
  const DemoShowcase *own = demo_showcase_answers (&n_own);
  DemoShowcase *list = arena_new0 (arena, DemoShowcase, n_own + n_files);
  memcpy (list, own, n_own * sizeof *own);
  for (size_t i = 0; i < n_files; i++) {
    const Shown *s = &g_array_index (all->shown, Shown, i);
    DemoShowcase *to = &list[n_own + i];
    *to = s->shown;
    if (s->of->subject)
      g_snprintf (to->subject, sizeof to->subject, "%s-%" G_GINT64_FORMAT, s->of->entity->id,
                  subject_number (s->of->subject));
  }
  *n = n_own + n_files;
  g_qsort_with_data (list, (gint)*n, sizeof *list, (GCompareDataFunc)(void (*) (void))by_clause,
                     NULL); /* stable */
  return list;
}

/* ---- writing ----------------------------------------------------------- */

static bool
is_resident (const Case *c)
{
  return g_str_equal (c->entity->id, "resident");
}

gint64
demo_showcases_residents (const DemoShowcases *all)
{
  gint64 n = demo_showcase_people ();
  for (guint i = 0; i < all->cases->len; i++)
    n += is_resident (all->cases->pdata[i]);
  return n;
}

void
demo_cases_number (DemoCounty *county, bool people)
{
  const DemoSink *sink = county->pen.sink;
  for (guint i = 0; county->showcases && i < county->showcases->cases->len; i++) {
    Case *c = county->showcases->cases->pdata[i];
    if ((is_resident (c) || g_str_equal (c->entity->id, "household")) == people)
      c->subject = sink->subject (sink->data, c->entity);
  }
}

static const CaseFact *
stated (const Case *c, const char *id)
{
  for (guint i = 0; i < c->facts->len; i++) {
    const CaseFact *f = &g_array_index (c->facts, CaseFact, i);
    if (g_str_equal (f->fact.attribute->id, id))
      return f;
  }
  return NULL;
}

/* TEXT (kept in the arena) for an attribute that the file left open. */
static void
fill_text (DemoCounty *county, const Case *c, const char *id, const char *text)
{
  const RegistryAttribute *a = registry_entity_attribute (c->entity, id);
  if (!a || a->kind != REGISTRY_TEXT || stated (c, id))
    return;
  RegistryFact fact = { .attribute = a, .state = REGISTRY_VALUE };
  fact.text = text_of (arena_text (county->showcases->arena, text_of (text)));
  demo_pen_fact (&county->pen, &fact);
}

/* Name, ID number and telephone that nobody can take for real; see naming.h. */
static void
fill_person (DemoCounty *county, const Case *c, gint64 index)
{
  char name[DEMO_NAME_SIZE], number[DEMO_ID_SIZE], phone[DEMO_PHONE_SIZE];
  const CaseFact *birth = stated (c, "birth_date"), *sex = stated (c, "sex");
  bool male = sex && text_equal (sex->fact.text, TEXT_LITERAL ("男"));
  const DemoRow *surnames = &county->data->surname->rows[0];
  demo_person_name (name, surnames->outcomes[index % (gint64)surnames->n].text, male, index);
  fill_text (county, c, "name", name);
  demo_phone (phone, index);
  fill_text (county, c, "phone", phone);
  bool stated_birth = birth && birth->fact.state == REGISTRY_VALUE;
  demo_id_number (number, index, stated_birth ? birth->fact.integer : 0, male);
  fill_text (county, c, "id_number", number);
}

/* GB 32100: firms, public institutions, private non-profit bodies. */
static const char *
registry_kind (const Case *c)
{
  const CaseFact *kind = stated (c, "kind");
  Text text = kind ? kind->fact.text : text_of ("");
  return text_equal (text, text_of ("事业单位"))   ? "12"
         : text_equal (text, text_of ("社会组织")) ? "52"
                                                   : "91";
}

enum { ORGANISATION_LAST = 999999 /* credit codes are counted down from it */ };

static void
fill_in (DemoCounty *county, const Case *c, gint64 index)
{
  char code[DEMO_CREDIT_SIZE], number[32];
  if (is_resident (c)) {
    fill_person (county, c, index);
    return;
  }
  if (c->entity->label && *c->name)
    fill_text (county, c, c->entity->label->id, c->name);
  if (g_str_equal (c->entity->id, "organisation")) {
    demo_credit_code (code, registry_kind (c), ORGANISATION_LAST - subject_number (c->subject));
    fill_text (county, c, "credit_code", code);
  } else if (g_str_equal (c->entity->id, "household")) {
    g_snprintf (number, sizeof number, "YX%09d", (int)subject_number (c->subject));
    fill_text (county, c, "register_number", number);
  }
}

static bool
write_case (DemoCounty *county, const Case *c, gint64 index, GError **error)
{
  DemoPen *pen = &county->pen;
  demo_pen_begin (pen, c->subject, (DemoRandom){ 0 });
  fill_in (county, c, index);
  for (guint i = 0; i < c->facts->len; i++) {
    const CaseFact *f = &g_array_index (c->facts, CaseFact, i);
    RegistryFact fact = f->fact;
    if (f->to)
      fact.integer = f->to->subject;
    demo_pen_fact (pen, &fact);
  }
  return demo_pen_end (pen, error);
}

bool
demo_cases_write (DemoCounty *county, gint64 first, GError **error)
{
  DemoSummary *s = county->summary;
  for (guint i = 0; county->showcases && i < county->showcases->cases->len; i++) {
    const Case *c = county->showcases->cases->pdata[i];
    if (!write_case (county, c, first, error))
      return false;
    first += is_resident (c);
    s->residents += is_resident (c);
    const struct {
      const char *entity;
      gint64 *count;
    } counts[] = { { "household", &s->households },
                   { "organisation", &s->organisations },
                   { "school", &s->schools },
                   { "park", &s->parks },
                   { "place", &s->places },
                   { "work_spell", &s->spells },
                   { "post", &s->posts },
                   { "file", &s->files },
                   { "certificate", &s->certificates },
                   { "recognition", &s->recognitions },
                   { "insurance_spell", &s->insurance } };
    for (size_t k = 0; k < G_N_ELEMENTS (counts); k++)
      *counts[k].count += g_str_equal (c->entity->id, counts[k].entity);
  }
  return true;
}
