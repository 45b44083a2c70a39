/* What has happened to one resident: appraisals, training, leave, cases, visits,
 * benefits, enrolments. */
#include "standing.h"
#include "streams.h"

enum { YEAR = 12 };

typedef struct {
  DemoCounty *c;
  DemoPen *pen;
  const DemoData *data;
  const DemoFamily *family;
  const DemoPerson *person;
  const DemoLife *life;
  int i; /* of the members */
  Subject resident;
  DemoRandom r;
} Dealings;

static bool
is (Text text, const char *word)
{
  return text_equal (text, text_of (word));
}

static bool
happens (Dealings *d, const char *what)
{
  return demo_happens (demo_row (d->data->dealings, what), &d->r);
}

static void
begin_of (Dealings *d, int entity, int field, Subject of)
{
  Subject subject = demo_pen_subject (d->pen, entity);
  demo_pen_begin (d->pen, subject, demo_random_at (d->c->seed, DEMO_STREAM_UNKNOWN, (guint64)subject));
  demo_pen_reference (d->pen, field, of);
}

static void
begin (Dealings *d, int entity, int of_resident)
{
  begin_of (d, entity, of_resident, d->resident);
}

/* ---- at work ----------------------------------------------------------- */

/* Who works for a public institution is appraised every year, heads of villages with them. */
static bool
write_appraisals (Dealings *d, GError **error)
{
  gint64 year;
  int month, day;
  bool head = demo_is_village_head (d->c, d->family, d->i), ok = true;
  civil_from_day (d->data->as_of, &year, &month, &day);
  if (!head && (!*demo_establishment (d->life) || d->person->age < 22))
    return true;
  for (int ago = 1; ok && ago <= (head ? 2 : 1); ago++) {
    begin (d, DEMO_APPRAISAL, DEMO_APPRAISAL_OF_RESIDENT);
    demo_pen_number (d->pen, DEMO_APPRAISAL_YEAR, year - ago);
    demo_pen_text (d->pen, DEMO_APPRAISAL_RESULT, demo_pick_text (d->data->appraisal->rows, &d->r));
    ok = demo_pen_end (d->pen, error);
  }
  return ok;
}

static const DemoOrganisation *
near (Dealings *d, DemoOrganisationKind kind)
{
  return demo_organisation_near (d->c->organisations, kind, d->family->household.township, &d->r);
}

/* At the employer, at a vocational school, or for those without work. */
static bool
write_training (Dealings *d, GError **error)
{
  const DemoLife *l = d->life;
  const DemoRow *row = demo_row_text (d->data->training_kind, l->work);
  if (!row || !demo_happens (demo_row_text (d->data->trained, l->work), &d->r))
    return true;
  Day started = d->data->as_of - demo_random_between (&d->r, 20, 900);
  Day ended = started + demo_random_between (&d->r, 3, 80);
  Text kind = demo_pick_text (row, &d->r);
  bool apprentice = is (kind, "企业新型学徒制");
  if (apprentice)
    ended = civil_add_months (started, YEAR);
  begin (d, DEMO_TRAINING, DEMO_TRAINING_OF_RESIDENT);
  demo_pen_reference (d->pen, DEMO_TRAINING_PROVIDER, near (d, DEMO_VOCATIONAL)->subject);
  demo_pen_reference (d->pen, DEMO_TRAINING_EMPLOYER, l->employer ? l->employer->subject : 0);
  demo_pen_text (d->pen, DEMO_TRAINING_KIND, kind);
  demo_pen_text (d->pen, DEMO_TRAINING_OCCUPATION, demo_pick_text (d->data->skill_trade->rows, &d->r));
  if (apprentice)
    demo_pen_string (d->pen, DEMO_TRAINING_TARGET, demo_random_below (&d->r, 3) ? "中级工" : "高级工");
  demo_pen_day (d->pen, DEMO_TRAINING_STARTED_ON, started);
  demo_pen_day (d->pen, DEMO_TRAINING_ENDED_ON, ended <= d->data->as_of ? ended : DEMO_NO_DAY);
  demo_pen_boolean (d->pen, DEMO_TRAINING_COMPLETED, ended <= d->data->as_of && happens (d, "completes"));
  return demo_pen_end (d->pen, error);
}

/* Doctors see patients at a second place or are seconded to a village, teachers are exchanged; some
 * who do research found a firm. */
static bool
write_assignment (Dealings *d, GError **error)
{
  const DemoLife *l = d->life;
  const char *row = demo_is_researcher (d->c, d->family, d->i) ? "research"
                    : l->medical                               ? "medical"
                    : l->teacher                               ? "teacher"
                                                               : NULL;
  if (!row || !*demo_establishment (l) || !happens (d, row))
    return true;
  bool leave = g_str_equal (row, "research");
  Text kind = demo_pick_text (demo_row (d->data->assignment, row), &d->r);
  const DemoOrganisation *other = l->medical ? near (d, DEMO_HEALTH_CENTRE) : near (d, l->employer->kind);
  Day started = d->data->as_of - demo_random_between (&d->r, 30, 1000);
  begin (d, DEMO_ASSIGNMENT, DEMO_ASSIGNMENT_OF_RESIDENT);
  demo_pen_reference (d->pen, DEMO_ASSIGNMENT_HOME_UNIT, l->employer->subject);
  demo_pen_reference (d->pen, DEMO_ASSIGNMENT_OTHER_UNIT, leave || other == l->employer ? 0 : other->subject);
  demo_pen_text (d->pen, DEMO_ASSIGNMENT_KIND, kind);
  demo_pen_day (d->pen, DEMO_ASSIGNMENT_STARTED_ON, started);
  demo_pen_day (d->pen, DEMO_ASSIGNMENT_AGREED_UNTIL, civil_add_months (started, 3 * YEAR));
  if (leave)
    demo_pen_boolean (d->pen, DEMO_ASSIGNMENT_PROFITABLE, happens (d, "profitable"));
  return demo_pen_end (d->pen, error);
}

/* A case goes as far as its age allows: applied, accepted within five days, heard, closed within
 * forty-five. */
static void
put_course (Dealings *d, Day known)
{
  Day applied = known + demo_random_between (&d->r, 5, 200),
      accepted = applied + demo_random_between (&d->r, 1, 5);
  Day hearing = accepted + demo_random_between (&d->r, 15, 30);
  Day closed = hearing + demo_random_between (&d->r, 1, 14);
  if (applied > d->data->as_of)
    return;
  demo_pen_day (d->pen, DEMO_ARBITRATION_APPLIED_ON, applied);
  if (accepted > d->data->as_of)
    return;
  demo_pen_string (d->pen, DEMO_ARBITRATION_ACCEPTANCE, "受理");
  demo_pen_day (d->pen, DEMO_ARBITRATION_ACCEPTANCE_ON, accepted);
  if (hearing > d->data->as_of)
    return;
  demo_pen_day (d->pen, DEMO_ARBITRATION_SERVED_ON, accepted + 3);
  demo_pen_number (d->pen, DEMO_ARBITRATION_ARBITRATORS, demo_random_below (&d->r, 3) ? 1 : 3);
  demo_pen_day (d->pen, DEMO_ARBITRATION_NOTIFIED_ON, hearing - 7);
  demo_pen_day (d->pen, DEMO_ARBITRATION_HEARING_ON, hearing);
  if (closed > d->data->as_of)
    return;
  demo_pen_text (d->pen, DEMO_ARBITRATION_OUTCOME,
                 demo_pick_text (d->data->arbitration_outcome->rows, &d->r));
  demo_pen_day (d->pen, DEMO_ARBITRATION_CLOSED_ON, closed);
}

static bool
write_arbitration (Dealings *d, GError **error)
{
  const DemoLife *l = d->life;
  char name[64], number[48];
  if (!l->employer || l->employer->kind != DEMO_FIRM || demo_heads (l->employer, d->person->index)
      || !happens (d, "arbitration"))
    return true;
  Text kind = demo_pick_text (d->data->arbitration_kind->rows, &d->r);
  begin (d, DEMO_ARBITRATION, DEMO_ARBITRATION_OF_RESIDENT);
  g_snprintf (name, sizeof name, "样例%.*s争议", (int)kind.len, kind.bytes);
  g_snprintf (number, sizeof number, "样例劳人仲案〔2026〕%d号", (int)subject_number (d->pen->subject));
  demo_pen_copy (d->pen, DEMO_ARBITRATION_NAME, name);
  demo_pen_copy (d->pen, DEMO_ARBITRATION_NUMBER, number);
  demo_pen_reference (d->pen, DEMO_ARBITRATION_AGAINST, l->employer->subject);
  demo_pen_string (d->pen, DEMO_ARBITRATION_APPLICANT, happens (d, "employer_applies") ? "单位" : "劳动者");
  demo_pen_text (d->pen, DEMO_ARBITRATION_KIND, kind);
  demo_pen_number (d->pen, DEMO_ARBITRATION_AMOUNT, 100 * demo_random_between (&d->r, 10, 900));
  Day known = d->data->as_of - demo_random_between (&d->r, 10, 500);
  demo_pen_day (d->pen, DEMO_ARBITRATION_KNOWN_ON, known);
  put_course (d, known);
  return demo_pen_end (d->pen, error);
}

/* ---- at home ----------------------------------------------------------- */

static bool
write_visit (Dealings *d, GError **error)
{
  const DemoLife *l = d->life;
  if ((!l->left_behind_child && !l->left_behind_woman) || !happens (d, "visited"))
    return true;
  begin (d, DEMO_VISIT, DEMO_VISIT_OF_RESIDENT);
  demo_pen_string (d->pen, DEMO_VISIT_VISITOR, l->left_behind_child ? "样例村儿童主任" : "样例村妇联主席");
  demo_pen_day (d->pen, DEMO_VISIT_ON, d->data->as_of - demo_pick_number (d->data->visit_days->rows, &d->r));
  if (happens (d, "helped"))
    demo_pen_string (d->pen, DEMO_VISIT_HELP, "样例帮扶");
  return demo_pen_end (d->pen, error);
}

static bool
write_benefit (Dealings *d, const char *kind, gint64 clause, gint64 amount, bool household, GError **error)
{
  Day month = d->data->as_of - 29; /* the month that ends on the day of the county */
  if (household)
    begin_of (d, DEMO_BENEFIT, DEMO_BENEFIT_OF_HOUSEHOLD, d->family->subject);
  else
    begin (d, DEMO_BENEFIT, DEMO_BENEFIT_OF_RESIDENT);
  demo_pen_string (d->pen, DEMO_BENEFIT_KIND, kind);
  demo_pen_number (d->pen, DEMO_BENEFIT_CLAUSE, clause);
  demo_pen_number (d->pen, DEMO_BENEFIT_AMOUNT, amount);
  demo_pen_day (d->pen, DEMO_BENEFIT_PAID_ON, d->data->as_of - 10);
  demo_pen_day (d->pen, DEMO_BENEFIT_FROM, month);
  demo_pen_day (d->pen, DEMO_BENEFIT_TO, d->data->as_of);
  return demo_pen_end (d->pen, error);
}

static bool
write_benefits (Dealings *d, GError **error)
{
  const DemoLife *l = d->life;
  gint64 each = demo_pick_number (demo_row (d->data->benefit, "household"), &d->r);
  gint64 orphan = demo_pick_number (demo_row (d->data->benefit, "orphan"), &d->r);
  bool head = d->person->role == DEMO_HEAD && d->family->home.dibao;
  return (!l->orphan || write_benefit (d, "孤儿基本生活费", 24, orphan / 10 * 10, false, error))
         && (!head || write_benefit (d, "低保金", 23, each * d->family->household.n / 10 * 10, true, error));
}

static bool
write_enrolment (Dealings *d, int event, GError **error)
{
  begin (d, DEMO_ENROLMENT, DEMO_ENROLMENT_OF_RESIDENT);
  demo_pen_reference (d->pen, DEMO_ENROLMENT_IN_EVENT, d->c->events[event]);
  demo_pen_day (d->pen, DEMO_ENROLMENT_ON, d->data->as_of - demo_random_between (&d->r, 1, 40));
  return demo_pen_end (d->pen, error);
}

static bool
write_enrolments (Dealings *d, GError **error)
{
  const DemoLife *l = d->life;
  bool young = d->person->age >= 18 && d->person->age <= 45;
  bool youth = young && l->taiwan && happens (d, "youth_event");
  bool start = young && l->returnee && happens (d, "competition");
  bool skills = l->skill.len && happens (d, "skills_contest");
  bool fair = is (l->work, "失业") && happens (d, "job_fair");
  return (!youth || write_enrolment (d, DEMO_EVENT_YOUTH, error))
         && (!start || write_enrolment (d, DEMO_EVENT_START_UP, error))
         && (!skills || write_enrolment (d, DEMO_EVENT_SKILLS, error))
         && (!fair || write_enrolment (d, DEMO_EVENT_FAIR, error));
}

bool
demo_write_dealings (DemoCounty *c, const DemoFamily *f, int i, GError **error)
{
  if (f->home.complete) /* showcases stand as they are written */
    return true;
  Dealings d = { .c = c,
                 .pen = &c->pen,
                 .data = c->data,
                 .family = f,
                 .person = &f->household.members[i],
                 .life = &f->lives[i],
                 .i = i,
                 .resident = f->members[i],
                 .r = demo_random_at (c->seed, DEMO_STREAM_CASES, (guint64)f->members[i]) };
  return write_appraisals (&d, error) && write_training (&d, error) && write_assignment (&d, error)
         && write_arbitration (&d, error) && write_visit (&d, error) && write_benefits (&d, error)
         && write_enrolments (&d, error);
}
