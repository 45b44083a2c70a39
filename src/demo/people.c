/* What is written about households and residents. */
#include "county.h"
#include "naming.h"
#include "papers.h"
#include "showcase.h"
#include "standing.h"
#include "streams.h"

static const char *const role_names[] = {
  [DEMO_HEAD] = "户主",   [DEMO_SPOUSE] = "配偶",       [DEMO_CHILD] = "子女",
  [DEMO_PARENT] = "父母", [DEMO_GRANDCHILD] = "孙子女", [DEMO_MATE] = "非亲属",
};

static DemoRandom
missing (const DemoCounty *c, Subject subject)
{
  return demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)subject);
}

static bool
write_household (DemoCounty *c, const DemoFamily *f, GError **error)
{
  const DemoHousehold *h = &f->household;
  DemoPen *pen = &c->pen;
  char name[DEMO_NAME_SIZE], full[DEMO_NAME_SIZE + 8], number[32];
  demo_person_name (name, h->members[0].surname, h->members[0].male, h->members[0].year_name);
  g_snprintf (full, sizeof full, "%s户", name);
  g_snprintf (number, sizeof number, "YX%09d", (int)subject_number (f->subject));
  demo_pen_begin (pen, f->subject, missing (c, f->subject));
  demo_pen_copy (pen, DEMO_HOUSEHOLD_NAME, full);
  demo_pen_copy (pen, DEMO_HOUSEHOLD_NUMBER, number);
  demo_pen_reference (pen, DEMO_HOUSEHOLD_HEAD, f->members[0]);
  demo_pen_number (pen, DEMO_HOUSEHOLD_SIZE, h->n);
  demo_pen_text (pen, DEMO_HOUSEHOLD_TOWNSHIP, c->data->townships[h->township].code);
  demo_pen_reference (pen, DEMO_HOUSEHOLD_OF_PLACE, c->villages[h->township][h->village]);
  demo_pen_string (pen, DEMO_HOUSEHOLD_KIND, h->kind == DEMO_DORMITORY ? "集体户" : "家庭户");
  demo_pen_boolean (pen, DEMO_HOUSEHOLD_REGISTERED_HERE, f->home.hukou_here);
  demo_pen_text (pen, DEMO_HOUSEHOLD_DWELLING, f->home.dwelling);
  demo_pen_boolean (pen, DEMO_HOUSEHOLD_LEASE_REGISTERED, f->home.lease_registered);
  demo_pen_boolean (pen, DEMO_HOUSEHOLD_ASSETS_WITHIN, f->home.assets_within);
  demo_pen_string (pen, DEMO_HOUSEHOLD_DIBAO, f->home.dibao ? "享受" : "");
  demo_put_holding (c, f);
  c->summary->households++;
  return demo_pen_end (pen, error);
}

static void
put_identity (DemoPen *pen, const DemoFamily *f, int i)
{
  const DemoPerson *p = &f->household.members[i];
  char name[DEMO_NAME_SIZE], number[DEMO_ID_SIZE], phone[DEMO_PHONE_SIZE];
  demo_person_name (name, p->surname, p->male, p->year_name);
  demo_id_number (number, p->index, p->birth, p->male);
  demo_pen_copy (pen, DEMO_RESIDENT_NAME, name);
  demo_pen_copy (pen, DEMO_RESIDENT_ID_NUMBER, number);
  demo_pen_string (pen, DEMO_RESIDENT_SEX, p->male ? "男" : "女");
  demo_pen_day (pen, DEMO_RESIDENT_BIRTH_DATE, p->birth);
  if (p->father != DEMO_NOBODY)
    demo_pen_reference (pen, DEMO_RESIDENT_FATHER, f->members[p->father]);
  if (p->mother != DEMO_NOBODY)
    demo_pen_reference (pen, DEMO_RESIDENT_MOTHER, f->members[p->mother]);
  if (p->age >= 16) {
    demo_phone (phone, p->index);
    demo_pen_copy (pen, DEMO_RESIDENT_PHONE, phone);
  }
}

static void
put_belonging (DemoPen *pen, const DemoCounty *c, const DemoFamily *f, int i)
{
  const DemoHousehold *h = &f->household;
  const DemoLife *l = &f->lives[i];
  demo_pen_reference (pen, DEMO_RESIDENT_OF_HOUSEHOLD, f->subject);
  demo_pen_string (pen, DEMO_RESIDENT_ROLE, role_names[h->members[i].role]);
  demo_pen_text (pen, DEMO_RESIDENT_TOWNSHIP, c->data->townships[h->township].code);
  demo_pen_reference (pen, DEMO_RESIDENT_RESIDENCE, c->villages[h->township][h->village]);
  demo_pen_text (pen, DEMO_RESIDENT_HUKOU_PLACE, l->hukou_from);
  if (!l->taiwan)
    demo_pen_string (pen, DEMO_RESIDENT_HUKOU_KIND, l->hukou_rural ? "农业" : "非农业");
  demo_pen_boolean (pen, DEMO_RESIDENT_PERMIT, l->permit);
  demo_pen_day (pen, DEMO_RESIDENT_PERMIT_ISSUED, l->permit ? l->permit_since : DEMO_NO_DAY);
}

static void
put_work (DemoPen *pen, const DemoLife *l, int age)
{
  if (age >= 16) {
    demo_pen_text (pen, DEMO_RESIDENT_WORK, l->work);
    demo_pen_number (pen, DEMO_RESIDENT_INCOME, l->income);
    demo_pen_number (pen, DEMO_RESIDENT_INSURED, l->insured);
    demo_pen_text (pen, DEMO_RESIDENT_PENSION_SCHEME, l->pension_scheme);
  } else {
    bool complete = pen->complete;
    pen->complete = true; /* that a child does not work and earns nothing needs no asking */
    demo_pen_string (pen, DEMO_RESIDENT_WORK, l->stage.len ? "在学" : "未就业");
    demo_pen_none (pen, DEMO_RESIDENT_INCOME);
    pen->complete = complete;
  }
  demo_pen_reference (pen, DEMO_RESIDENT_EMPLOYER, l->employer ? l->employer->subject : 0);
  demo_pen_text (pen, DEMO_RESIDENT_SKILL, l->skill);
  demo_pen_text (pen, DEMO_RESIDENT_TITLE, l->title);
  demo_pen_boolean (pen, DEMO_RESIDENT_MEDICAL, l->medical);
  demo_pen_boolean (pen, DEMO_RESIDENT_TEACHER, l->teacher);
}

/* What the papers say as well, and what those without work look for. */
static void
put_standing (DemoPen *pen, const DemoCounty *c, const DemoLife *l, const DemoPapers *papers, size_t township,
              DemoRandom *r)
{
  demo_pen_text (pen, DEMO_RESIDENT_SKILL_TRADE, papers->skill_trade);
  demo_pen_day (pen, DEMO_RESIDENT_SKILL_DATE, papers->skill_on);
  demo_pen_day (pen, DEMO_RESIDENT_TITLE_DATE, papers->title_on);
  demo_pen_text (pen, DEMO_RESIDENT_TAIWAN_QUALIFICATION, papers->taiwan_trade);
  demo_pen_boolean (pen, DEMO_RESIDENT_HARD_TO_EMPLOY, papers->hard_to_employ);
  if (!text_equal (l->work, text_of ("失业")))
    return;
  demo_pen_boolean (pen, DEMO_RESIDENT_SEEKING, true);
  demo_pen_text (pen, DEMO_RESIDENT_WANTED_OCCUPATION,
                 demo_pick_text (demo_row (c->data->post_occupation, "other"), r));
  demo_pen_number (pen, DEMO_RESIDENT_WANTED_WAGE,
                   demo_pick_number (demo_row (c->data->post_wage, "firm"), r) / 100 * 100);
  demo_pen_text (pen, DEMO_RESIDENT_WANTED_TOWNSHIP, c->data->townships[township].code);
}

static void
put_circumstances (DemoPen *pen, const DemoLife *l)
{
  demo_pen_text (pen, DEMO_RESIDENT_EDUCATION, l->education);
  demo_pen_text (pen, DEMO_RESIDENT_STAGE, l->stage);
  demo_pen_reference (pen, DEMO_RESIDENT_AT_SCHOOL, l->school ? l->school->school : 0);
  if (l->marital_status.len)
    demo_pen_text (pen, DEMO_RESIDENT_MARITAL_STATUS, l->marital_status);
  demo_pen_text (pen, DEMO_RESIDENT_DISABILITY_KIND, l->disability);
  demo_pen_text (pen, DEMO_RESIDENT_DISABILITY_LEVEL, l->disability_level);
  demo_pen_text (pen, DEMO_RESIDENT_ILLNESS, l->illness);
  demo_pen_boolean (pen, DEMO_RESIDENT_VETERAN, l->veteran);
  demo_pen_boolean (pen, DEMO_RESIDENT_TAIWAN, l->taiwan);
  demo_pen_boolean (pen, DEMO_RESIDENT_RETURNEE, l->returnee);
  demo_pen_boolean (pen, DEMO_RESIDENT_MIGRANT_CHILD, l->migrant_child);
  demo_pen_boolean (pen, DEMO_RESIDENT_LEFT_BEHIND_CHILD, l->left_behind_child);
  demo_pen_boolean (pen, DEMO_RESIDENT_LEFT_BEHIND_WOMAN, l->left_behind_woman);
  demo_pen_boolean (pen, DEMO_RESIDENT_ORPHAN, l->orphan);
}

/* An income that another department has otherwise; it stands open at the head of a showcase, too. */
static bool
dispute_income (DemoCounty *c, const DemoFamily *f, int i, GError **error)
{
  const DemoLife *l = &f->lives[i];
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_CORRECTION, (guint64)f->members[i] + DEMO_PEOPLE_MAX);
  bool shown = i == 0 && f->household.index == demo_showcase_disputed ();
  if (l->income <= 0 || f->household.members[i].age < 16
      || (f->home.complete ? !shown : !demo_happens (c->data->disputed->rows, &r)))
    return true;
  return demo_pen_dispute (&c->pen, DEMO_RESIDENT_INCOME,
                           l->income * demo_pick_number (c->data->correction_percent->rows, &r) / 100, error);
}

/* An income that the first delivery has and the second puts right. */
static bool
correct_income (DemoCounty *c, const DemoFamily *f, int i, GError **error)
{
  const DemoLife *l = &f->lives[i];
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_CORRECTION, (guint64)f->members[i]);
  if (f->home.complete || f->household.members[i].age < 16 || l->income <= 0
      || !demo_happens (c->data->corrected->rows, &r))
    return true;
  return demo_pen_correct (&c->pen, DEMO_RESIDENT_INCOME,
                           l->income * demo_pick_number (c->data->correction_percent->rows, &r) / 100, error);
}

static bool
write_spell (DemoCounty *c, const DemoSpell *s, Subject resident, GError **error)
{
  DemoPen *pen = &c->pen;
  Subject spell = demo_pen_subject (pen, DEMO_SPELL);
  demo_pen_begin (pen, spell, missing (c, spell));
  demo_pen_reference (pen, DEMO_SPELL_OF_RESIDENT, resident);
  demo_pen_reference (pen, DEMO_SPELL_AT, s->employer->subject);
  demo_pen_boolean (pen, DEMO_SPELL_RURAL, s->rural);
  demo_pen_boolean (pen, DEMO_SPELL_MEDICAL, true);
  demo_pen_day (pen, DEMO_SPELL_STARTED_ON, s->from);
  demo_pen_day (pen, DEMO_SPELL_ENDED_ON, s->to);
  c->summary->spells++;
  return demo_pen_end (pen, error);
}

/* The first who may lead a firm is its legal representative. */
static void
lead (DemoCounty *c, const DemoFamily *f, int i)
{
  const DemoLife *l = &f->lives[i];
  if (l->employer && f->household.members[i].age >= 25 && !f->home.poor
      && f->household.kind != DEMO_DORMITORY)
    demo_organisations_lead (c->organisations, l->employer, f->household.members[i].index, f->members[i]);
}

static bool
write_resident (DemoCounty *c, const DemoFamily *f, int i, GError **error)
{
  DemoPen *pen = &c->pen;
  const DemoLife *l = &f->lives[i];
  const DemoPerson *p = &f->household.members[i];
  DemoPapers papers = demo_papers_draw (c, p, l);
  DemoRandom wants = demo_random_at (c->seed, DEMO_STREAM_POSTS, (guint64)f->members[i]);
  demo_pen_begin (pen, f->members[i], missing (c, f->members[i]));
  put_identity (pen, f, i);
  put_belonging (pen, c, f, i);
  put_work (pen, l, p->age);
  put_standing (pen, c, l, &papers, f->household.township, &wants);
  put_circumstances (pen, l);
  lead (c, f, i);
  demo_put_standing (c, f, i);
  c->summary->residents++;
  if (l->school)
    demo_organisations_enrol (c->organisations, l->school);
  if (!demo_pen_end (pen, error) || !dispute_income (c, f, i, error) || !correct_income (c, f, i, error))
    return false;
  for (int s = 0; s < l->n_spells; s++)
    if (!write_spell (c, &l->spells[s], f->members[i], error))
      return false;
  return demo_write_papers (c, p, l, &papers, f->members[i], f->household.township, error)
         && demo_write_dealings (c, f, i, error);
}

static void
make_family (const DemoCounty *c, DemoFamily *f, gint64 index, gint64 first, gint64 room)
{
  if (index < demo_showcase_households ())
    demo_showcase_make (&f->household, &f->home, f->lives, c->data, c->organisations, index, first, room);
  else {
    demo_household_make (&f->household, c->data, c->seed, index, first, room);
    demo_lives_make (&f->home, f->lives, &f->household, c->data, c->organisations, c->seed);
  }
}

static bool
write_family (DemoCounty *c, DemoFamily *f, GError **error)
{
  f->subject = demo_pen_subject (&c->pen, DEMO_HOUSEHOLD);
  for (int i = 0; i < f->household.n; i++)
    f->members[i] = demo_pen_subject (&c->pen, DEMO_RESIDENT);
  c->pen.complete = f->home.complete;
  bool ok = write_household (c, f, error);
  for (int i = 0; ok && i < f->household.n; i++)
    ok = write_resident (c, f, i, error);
  c->pen.complete = false;
  return ok;
}

enum { PROGRESS_STEP = 256 /* households */ };

bool
demo_write_people (DemoCounty *c, const DemoOptions *options, GError **error)
{
  DemoFamily *f = g_new0 (DemoFamily, 1);
  bool ok = true;
  gint64 done = 0;
  for (gint64 index = 0; ok && done < options->residents; index++) {
    if (index == demo_showcase_households ()) {
      demo_cases_number (c, true);
      ok = demo_cases_write (c, done, error);
      done = c->summary->residents;
      if (!ok || done == options->residents)
        break;
    }
    make_family (c, f, index, done, options->residents - done);
    ok = write_family (c, f, error);
    done += f->household.n;
    if (options->progress && (index % PROGRESS_STEP == 0 || done == options->residents))
      options->progress (done, options->residents, options->progress_data);
  }
  g_free (f);
  return ok;
}
