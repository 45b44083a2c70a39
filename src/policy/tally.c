/* A clause over everybody: how many it says yes to, no, and cannot say. */
#include "policy_private.h"
#include "purpose.h"

#include <string.h>

typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  const PolicyClause *clause;
  const RegistryEntity *entity; /* whose subjects are being counted */
  Day as_of;
  FeelValue parameters, value; /* of the subject at hand */
  GArray *paths;               /* FeelPath: what the provisions about ENTITY read */
  PolicyTally *tallies;
} Tally;

static FeelValue
bind (void *data, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Tally *t = data;
  if (strcmp (variable->name, POLICY_PARAMETERS) == 0)
    return t->parameters;
  if (strcmp (variable->name, POLICY_DATE) == 0)
    return feel_date (t->as_of);
  return t->value;
}

static bool
is_counted (const Tally *t, const PolicyProvision *provision)
{
  return provision->subject == t->entity && t->as_of >= provision->in_force_from
         && t->as_of <= provision->in_force_to;
}

static void
add_amount (const Tally *t, DmnRun *run, PolicyTally *tally)
{
  FeelValue amount = dmn_run_decision (run, tally->provision->amount);
  if (amount.kind == FEEL_NUMBER)
    tally->amount = decimal_add (tally->amount, amount.number);
  else
    tally->open_amounts++;
}

static void
count_under (const Tally *t, DmnRun *run, PolicyTally *tally)
{
  if (!is_counted (t, tally->provision)
      || (tally->among && !feel_is_true (dmn_run_decision (run, tally->among))))
    return;
  FeelValue eligible = dmn_run_decision (run, tally->provision->eligible);
  tally->subjects++;
  if (feel_is_true (eligible)) {
    tally->yes++;
    if (tally->provision->amount)
      add_amount (t, run, tally);
  } else if (feel_is_false (eligible))
    tally->no++;
  else
    tally->undetermined++;
}

static void
count_subject (Tally *t, DmnRun *run)
{
  for (size_t i = 0; i < t->clause->n_provisions + t->clause->n_targets; i++)
    count_under (t, run, &t->tallies[i]);
}

static void
collect_paths (Tally *t, Arena *arena)
{
  g_array_set_size (t->paths, 0);
  for (size_t i = 0; i < t->clause->n_provisions; i++) {
    size_t n;
    if (!is_counted (t, &t->clause->provisions[i]))
      continue;
    const FeelPath *paths = purpose_paths (t->package, arena, &t->clause->provisions[i], &n);
    g_array_append_vals (t->paths, paths, (guint)n);
  }
  for (size_t i = 0; i < t->clause->n_targets; i++) {
    size_t n;
    const PolicyTarget *target = &t->clause->targets[i];
    if (!target->among || !is_counted (t, target->provision))
      continue;
    const FeelPath *paths = purpose_decision_paths (t->package, arena, t->entity, target->among, &n);
    g_array_append_vals (t->paths, paths, (guint)n);
  }
}

/* The set of subjects is logged before the first is read. */
static AccessRun *
begin (const Tally *t, RegistryScan *scan, Access *access, const AccessAccount *who, GError **error)
{
  g_autoptr (AuditSet) set = audit_set_new ();
  GError *fault = NULL;
  Subject subject;
  while (registry_scan_next (scan, &subject, &fault))
    audit_set_add (set, subject);
  if (fault) {
    g_propagate_error (error, fault);
    return NULL;
  }
  registry_scan_rewind (scan);
  return access_run_new (access, who, t->clause->purpose->id, t->entity,
                         (const FeelPath *)(void *)t->paths->data, t->paths->len, set, NULL, error);
}

static bool
count_entity (Tally *t, Access *access, const AccessAccount *who, const volatile gint *stop, GError **error)
{
  g_autoptr (Arena) kept = arena_new ();
  g_autoptr (Arena) arena = arena_new ();
  collect_paths (t, kept);
  g_autoptr (RegistryScan) scan = registry_scan_new (t->registry, t->entity, error);
  g_autoptr (AccessRun) people = scan ? begin (t, scan, access, who, error) : NULL;
  if (!people)
    return false;
  t->parameters = policy_parameters_value (t->package, kept, t->as_of);
  RegistryMoment now = { .valid_at = t->as_of, .known_at = G_MAXINT64 };
  DmnRun *run = dmn_run_new (t->package->model, kept, bind, t, DMN_PLAIN);
  GError *fault = NULL;
  for (Subject subject; !g_atomic_int_get (stop) && registry_scan_next (scan, &subject, &fault);) {
    arena_reset (arena);
    const RegistryReading *reading = access_run_read (people, arena, subject, now, &fault);
    if (!reading)
      break;
    t->value = registry_reading_value (reading);
    dmn_run_reset (run, arena, NULL);
    count_subject (t, run);
  }
  if (!fault)
    return true;
  g_propagate_error (error, fault);
  return false;
}

bool
policy_tally (const PolicyPackage *package, Registry *registry, Access *access, const AccessAccount *who,
              const PolicyClause *clause, Day as_of, PolicyTally *tallies, const volatile gint *stop,
              GError **error)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  Tally t = { .package = package,
              .registry = registry,
              .clause = clause,
              .as_of = as_of,
              .paths = paths,
              .tallies = tallies };
  for (size_t i = 0; i < clause->n_provisions; i++)
    tallies[i] = (PolicyTally){ .provision = &clause->provisions[i], .amount = decimal_from_int64 (0) };
  for (size_t i = 0; i < clause->n_targets; i++)
    tallies[clause->n_provisions + i] = (PolicyTally){ .provision = clause->targets[i].provision,
                                                       .among = clause->targets[i].among,
                                                       .amount = decimal_from_int64 (0) };
  g_autoptr (GPtrArray) done = g_ptr_array_new ();
  for (size_t i = 0; i < clause->n_provisions; i++) {
    t.entity = clause->provisions[i].subject;
    if (g_ptr_array_find (done, t.entity, NULL))
      continue;
    g_ptr_array_add (done, (gpointer)t.entity);
    if (!count_entity (&t, access, who, stop, error))
      return false;
  }
  return true;
}
