#include "organisations.h"
#include "streams.h"

#include <string.h>

const char *const demo_organisation_kind_ids[DEMO_ORGANISATION_KINDS]
    = { "firm",     "kindergarten",  "primary", "junior",    "senior",      "vocational",
        "hospital", "health_centre", "clinic",  "hr_agency", "public_body", "child_welfare" };

/* The organisations of one kind (firms: of one size) in one township. */
typedef struct {
  size_t n, room;
  const DemoOrganisation **at;
} Bucket;

enum { BUCKETS = DEMO_SIZES + DEMO_ORGANISATION_KINDS };

struct DemoOrganisations {
  size_t n, n_townships;
  DemoOrganisation *all;
  Bucket *buckets; /* BUCKETS times (townships, then the whole county) */
};

static Bucket *
bucket (const DemoOrganisations *o, const DemoOrganisation *of, size_t township)
{
  size_t which = of->kind == DEMO_FIRM ? (size_t)of->size : DEMO_SIZES + (size_t)of->kind;
  return &o->buckets[which * (o->n_townships + 1) + township];
}

static bool
is_per_township (DemoOrganisationKind kind)
{
  return kind == DEMO_KINDERGARTEN || kind == DEMO_PRIMARY || kind == DEMO_JUNIOR
         || kind == DEMO_HEALTH_CENTRE;
}

/* Townships that have residents: the statistical unit may have none. */
static size_t
peopled (const DemoData *data)
{
  size_t n = 0;
  for (size_t i = 0; i < data->n_townships; i++)
    n += data->townships[i].share > 0;
  return n;
}

static size_t
peopled_at (const DemoData *data, size_t nth)
{
  size_t i = 0;
  for (;; i++)
    if (data->townships[i].share > 0 && nth-- == 0)
      return i;
}

static gint64
number_of (const DemoData *data, DemoOrganisationKind kind, gint64 residents)
{
  if (kind == DEMO_CLINIC) {
    gint64 n = 0;
    for (size_t i = 0; i < data->n_townships; i++)
      n += data->townships[i].share > 0 ? data->townships[i].villages : 0;
    return n;
  }
  gint64 rate = demo_row (data->organisations, demo_organisation_kind_ids[kind])->rate;
  gint64 least = is_per_township (kind) ? (gint64)peopled (data) : 1;
  return MAX (rate * residents / 100000, least);
}

/* Clinics stand one in each village, in the order of the townships. */
static size_t
township_of_clinic (const DemoData *data, gint64 serial)
{
  size_t i = 0;
  while (data->townships[i].share == 0 || serial >= data->townships[i].villages)
    serial -= data->townships[i].share > 0 ? data->townships[i].villages : 0, i++;
  return i;
}

bool
demo_organisation_is_school (const DemoOrganisation *o)
{
  return o->kind >= DEMO_KINDERGARTEN && o->kind <= DEMO_VOCATIONAL;
}

static void
place (DemoOrganisation *o, const DemoData *data, DemoRandom *r)
{
  const DemoRow *cluster = o->kind == DEMO_FIRM ? demo_row_text (data->cluster, o->trade) : NULL;
  if (o->kind == DEMO_CLINIC)
    o->township = township_of_clinic (data, o->serial);
  else if (is_per_township (o->kind) && o->serial < (gint64)peopled (data))
    o->township = peopled_at (data, (size_t)o->serial);
  else if (cluster)
    o->township = (size_t)demo_township_of (data, demo_pick_text (cluster, r));
  else
    o->township = demo_township_pick (data, r);
  gint64 rural = data->townships[o->township].rural;
  o->rural = o->kind == DEMO_CLINIC || (o->kind == DEMO_HEALTH_CENTRE && rural >= 500)
             || (demo_organisation_is_school (o) && demo_random_below (r, 1000) < rural);
}

static void
make (DemoOrganisation *o, const DemoData *data, guint64 seed)
{
  DemoRandom r = demo_random_at (seed, DEMO_STREAM_ORGANISATION, (guint64)o->index);
  if (o->kind == DEMO_FIRM) {
    o->size = (int)demo_pick_number (data->firm_size->rows, &r);
    o->trade = demo_pick_text (data->trade->rows, &r);
  }
  place (o, data, &r);
  o->private = demo_organisation_is_school (o) && demo_happens (demo_row (data->school_is, "private"), &r);
  o->vacancy = demo_happens (demo_row (data->vacancy, o->kind == DEMO_FIRM ? "firm" : "others"), &r);
  if (o->kind == DEMO_HEALTH_CENTRE && o->serial < (gint64)peopled (data))
    o->vacancy = o->serial % 2 == 1; /* both cases stand in every county: showcases work there */
}

static void
index_buckets (DemoOrganisations *o, Arena *arena)
{
  size_t n = BUCKETS * (o->n_townships + 1);
  o->buckets = arena_new0 (arena, Bucket, n);
  for (size_t i = 0; i < o->n; i++) {
    bucket (o, &o->all[i], o->all[i].township)->room++;
    bucket (o, &o->all[i], o->n_townships)->room++;
  }
  for (size_t b = 0; b < n; b++)
    o->buckets[b].at = arena_new0 (arena, const DemoOrganisation *, o->buckets[b].room);
  for (size_t i = 0; i < o->n; i++) {
    const DemoOrganisation *of = &o->all[i];
    Bucket *near = bucket (o, of, of->township), *all = bucket (o, of, o->n_townships);
    near->at[near->n++] = all->at[all->n++] = of;
  }
}

DemoOrganisations *
demo_organisations_new (Arena *arena, const DemoData *data, guint64 seed, gint64 residents)
{
  DemoOrganisations *o = arena_new0 (arena, DemoOrganisations, 1);
  gint64 number[DEMO_ORGANISATION_KINDS];
  for (int k = 0; k < DEMO_ORGANISATION_KINDS; k++)
    o->n += (size_t)(number[k] = number_of (data, (DemoOrganisationKind)k, residents));
  o->n_townships = data->n_townships;
  o->all = arena_new0 (arena, DemoOrganisation, o->n);
  size_t i = 0;
  for (int k = 0; k < DEMO_ORGANISATION_KINDS; k++)
    for (gint64 serial = 0; serial < number[k]; serial++, i++) {
      o->all[i] = (DemoOrganisation){ .index = (gint64)i, .serial = serial, .kind = (DemoOrganisationKind)k };
      make (&o->all[i], data, seed);
    }
  index_buckets (o, arena);
  return o;
}

DemoOrganisation *
demo_organisations (DemoOrganisations *all, size_t *n)
{
  *n = all->n;
  return all->all;
}

/* A small county may have no firm of a size: the first organisation, a firm of
 * whatever size, then stands in. */
static const DemoOrganisation *
one_of (const DemoOrganisations *all, const DemoOrganisation *like, size_t township, DemoRandom *r)
{
  const Bucket *b = bucket (all, like, township);
  if (b->n == 0)
    b = bucket (all, like, all->n_townships);
  return b->n ? b->at[demo_random_below (r, b->n)] : &all->all[0];
}

const DemoOrganisation *
demo_employer (const DemoOrganisations *all, const DemoData *data, size_t township, DemoRandom *r)
{
  DemoOrganisation like = { .kind = DEMO_FIRM, .size = (int)demo_pick_number (data->employer_size->rows, r) };
  bool near = demo_happens (data->works_near->rows, r);
  return one_of (all, &like, near ? township : all->n_townships, r);
}

const DemoOrganisation *
demo_organisation_near (const DemoOrganisations *all, DemoOrganisationKind kind, size_t township,
                        DemoRandom *r)
{
  return one_of (all, &(DemoOrganisation){ .kind = kind }, township, r);
}

const DemoOrganisation *
demo_organisation_first (const DemoOrganisations *all, DemoOrganisationKind kind, size_t township)
{
  DemoOrganisation like = { .kind = kind };
  const Bucket *near = bucket (all, &like, township), *any = bucket (all, &like, all->n_townships);
  return near->n ? near->at[0] : any->n ? any->at[0] : &all->all[0];
}

void
demo_organisations_enrol (DemoOrganisations *all, const DemoOrganisation *school)
{
  all->all[school->index].pupils++;
}

void
demo_organisations_lead (DemoOrganisations *all, const DemoOrganisation *organisation, gint64 index,
                         Subject resident)
{
  DemoOrganisation *o = &all->all[organisation->index];
  if (o->head || (o->kind != DEMO_FIRM && o->kind != DEMO_HR_AGENCY))
    return;
  o->head = resident;
  o->head_index = index;
}

bool
demo_heads (const DemoOrganisation *o, gint64 index)
{
  return o->head && o->head_index == index;
}
