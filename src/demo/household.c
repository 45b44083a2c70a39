#include "household.h"
#include "streams.h"

#include <string.h>

const char *const demo_kind_ids[DEMO_KINDS] = {
  "single",       "couple",       "family",    "one_parent", "three_generations",
  "grandparents", "husband_away", "dormitory",
};

enum { GROWN_UP = 30 /* children live at home below this */, SCHOOL_LEFT = 16, OLDEST = 104 };

Day
demo_birth (Day as_of, int age, DemoRandom *r)
{
  return civil_add_months (as_of, -12 * (gint64)age) - demo_random_below (r, 365);
}

static DemoPerson *
add (DemoHousehold *h, DemoRole role, bool male, int age)
{
  g_assert (h->n < DEMO_MEMBERS_MAX);
  DemoPerson *p = &h->members[h->n++];
  *p = (DemoPerson){ .role = role, .male = male, .age = MIN (age, OLDEST) };
  p->spouse = p->father = p->mother = DEMO_NOBODY;
  return p;
}

static void
marry (DemoHousehold *h, int a, int b)
{
  h->members[a].spouse = b;
  h->members[b].spouse = a;
}

/* Marriage Law, now Civil Code art. 1047: men from 22, women from 20. */
static int
marriageable (int age, bool male)
{
  return MAX (age, male ? 22 : 20);
}

static void
add_head (DemoHousehold *h, const DemoData *data, DemoRandom *r, bool male)
{
  add (h, DEMO_HEAD, male, (int)demo_pick_number (demo_row (data->head_age, demo_kind_ids[h->kind]), r));
}

static void
add_spouse (DemoHousehold *h, const DemoData *data, DemoRandom *r)
{
  DemoPerson *head = &h->members[0];
  head->age = marriageable (head->age, head->male);
  int gap = (int)demo_pick_number (data->spouse_gap->rows, r); /* by how much he is older */
  int age = marriageable (head->male ? head->age - gap : head->age + gap, !head->male);
  add (h, DEMO_SPOUSE, !head->male, age);
  marry (h, 0, h->n - 1);
}

/* The age of the eldest child still at home, born to a mother now MOTHER_AGE;
 * clamped so that the child is born and younger than LIMIT. */
static int
child_age (const DemoData *data, DemoRandom *r, int mother_age, int limit)
{
  int at_birth = (int)demo_pick_number (data->birth_age->rows, r);
  return CLAMP (mother_age - at_birth, 0, limit - 1);
}

static void
add_children (DemoHousehold *h, const DemoData *data, DemoRandom *r, DemoRole role, int mother_age)
{
  gint64 n = demo_pick_number (demo_row (data->children, demo_kind_ids[h->kind]), r);
  int age = child_age (data, r, mother_age, role == DEMO_GRANDCHILD ? SCHOOL_LEFT : GROWN_UP);
  for (gint64 i = 0; i < n && age >= 0; i++) {
    add (h, role, demo_happens (data->boys->rows, r), age);
    age -= (int)demo_pick_number (data->sibling_gap->rows, r);
  }
}

/* Who is father and mother of the children: the head and the spouse. */
static void
name_parents (DemoHousehold *h)
{
  int spouse = h->members[0].spouse;
  for (int i = 0; i < h->n; i++) {
    DemoPerson *p = &h->members[i];
    if (p->role != DEMO_CHILD)
      continue;
    p->father = h->members[0].male ? 0 : spouse;
    p->mother = h->members[0].male ? spouse : 0;
  }
}

static int
mother_age (const DemoHousehold *h)
{
  const DemoPerson *head = &h->members[0];
  return head->male && head->spouse != DEMO_NOBODY ? h->members[head->spouse].age : head->age;
}

/* One or both parents of the head, a generation above. */
static void
add_grandparents (DemoHousehold *h, const DemoData *data, DemoRandom *r)
{
  int age = h->members[0].age + (int)demo_pick_number (data->birth_age->rows, r);
  int gap = (int)demo_pick_number (data->spouse_gap->rows, r);
  bool both = demo_happens (data->both_grandparents->rows, r);
  if (both && age + gap <= OLDEST) {
    add (h, DEMO_PARENT, true, age + MAX (gap, 0));
    h->members[0].father = h->n - 1;
    add (h, DEMO_PARENT, false, age);
    h->members[0].mother = h->n - 1;
    marry (h, h->n - 2, h->n - 1);
  } else {
    add (h, DEMO_PARENT, false, age);
    h->members[0].mother = h->n - 1;
  }
}

static void
make_dormitory (DemoHousehold *h, const DemoData *data, DemoRandom *r)
{
  bool male = demo_happens (data->dormitory_men->rows, r);
  gint64 n = demo_pick_number (data->dormitory_size->rows, r);
  add_head (h, data, r, male);
  for (gint64 i = 1; i < n; i++)
    add (h, DEMO_MATE, male, (int)demo_pick_number (demo_row (data->head_age, "dormitory"), r));
}

static void
make_members (DemoHousehold *h, const DemoData *data, DemoRandom *r)
{
  switch (h->kind) {
  case DEMO_DORMITORY: make_dormitory (h, data, r); return;
  case DEMO_SINGLE: add_head (h, data, r, demo_happens (data->single_men->rows, r)); return;
  case DEMO_ONE_PARENT:
    add_head (h, data, r, !demo_happens (data->one_parent_mothers->rows, r));
    add_children (h, data, r, DEMO_CHILD, mother_age (h));
    break;
  case DEMO_HUSBAND_AWAY:
    add_head (h, data, r, false);
    add_children (h, data, r, DEMO_CHILD, mother_age (h));
    break;
  case DEMO_GRANDPARENTS:
    add_head (h, data, r, true);
    add_spouse (h, data, r);
    add_children (h, data, r, DEMO_GRANDCHILD,
                  mother_age (h) - (int)demo_pick_number (data->birth_age->rows, r));
    break;
  default:
    add_head (h, data, r, demo_happens (data->men_as_head->rows, r));
    add_spouse (h, data, r);
    if (h->kind != DEMO_COUPLE)
      add_children (h, data, r, DEMO_CHILD, mother_age (h));
    if (h->kind == DEMO_THREE_GENERATIONS)
      add_grandparents (h, data, r);
  }
  name_parents (h);
}

/* Children bear the father's surname, or the mother's when only she is known. */
static void
name_members (DemoHousehold *h, const DemoData *data, DemoRandom *r)
{
  Text family = demo_pick_text (data->surname->rows, r);
  for (int i = 0; i < h->n; i++) {
    DemoPerson *p = &h->members[i];
    bool line = p->role == DEMO_HEAD || p->role == DEMO_CHILD || p->role == DEMO_GRANDCHILD;
    p->surname = line ? family : demo_pick_text (data->surname->rows, r);
    p->year_name = demo_random_below (r, 60);
  }
  DemoPerson *head = &h->members[0];
  if (!head->male && head->spouse != DEMO_NOBODY) /* a couple led by the wife: her own, the children his */
    head->surname = demo_pick_text (data->surname->rows, r), h->members[head->spouse].surname = family;
  if (head->father != DEMO_NOBODY)
    h->members[head->father].surname = head->surname;
}

static void
forget_beyond (int *member, int n)
{
  if (*member >= n)
    *member = DEMO_NOBODY;
}

/* The last household of the county is cut to the room that is left. */
static void
cut_to (DemoHousehold *h, gint64 room)
{
  if (h->n <= room)
    return;
  h->n = (int)room;
  for (int i = 0; i < h->n; i++) {
    forget_beyond (&h->members[i].spouse, h->n);
    forget_beyond (&h->members[i].father, h->n);
    forget_beyond (&h->members[i].mother, h->n);
  }
}

static DemoKind
pick_kind (const DemoData *data, bool rural, DemoRandom *r)
{
  Text id = demo_pick_text (demo_row (data->household_kind, rural ? "rural" : "urban"), r);
  for (int k = 0; k < DEMO_KINDS; k++)
    if (text_equal (id, text_of (demo_kind_ids[k])))
      return (DemoKind)k;
  g_assert_not_reached ();
}

void
demo_household_make (DemoHousehold *h, const DemoData *data, guint64 seed, gint64 index, gint64 first,
                     gint64 room)
{
  DemoRandom r = demo_random_at (seed, DEMO_STREAM_HOUSEHOLD, (guint64)index);
  memset (h, 0, offsetof (DemoHousehold, members));
  h->index = index;
  h->township = demo_township_pick (data, &r);
  const DemoTownship *t = &data->townships[h->township];
  h->rural = t->villages > 0 && (t->communities == 0 || demo_random_below (&r, 1000) < t->rural);
  h->village = h->rural ? t->communities + demo_random_below (&r, (guint64)t->villages)
                        : demo_random_below (&r, (guint64)t->communities);
  h->kind = pick_kind (data, h->rural, &r);
  make_members (h, data, &r);
  name_members (h, data, &r);
  for (int i = 0; i < h->n; i++) {
    h->members[i].index = first + i;
    h->members[i].birth = demo_birth (data->as_of, h->members[i].age, &r);
  }
  cut_to (h, room);
}
