/* What departments know of people and households beside who they are and what
 * they do: where registered, how insured, which home, which list they stand on.
 * It follows from the life (life.h) and from draws of its own, so that adding to
 * it leaves the lives as they are. */
#pragma once

#include "county.h"
#include "life.h"

/* One household with everybody in it, and its subjects. */
typedef struct {
  DemoHousehold household;
  DemoHome home;
  DemoLife lives[DEMO_MEMBERS_MAX];
  Subject subject, members[DEMO_MEMBERS_MAX];
} DemoFamily;

/* Into the facts that are being written of member I, or of the household. */
void demo_put_standing (DemoCounty *county, const DemoFamily *family, int i);
void demo_put_holding (DemoCounty *county, const DemoFamily *family);

/* The kind of public institution that employs them, a row of `on_establishment`; "" for others. */
const char *demo_establishment (const DemoLife *life);

/* Whether member I does research for a public institution; heads a village or community. */
bool demo_is_researcher (const DemoCounty *county, const DemoFamily *family, int i);
bool demo_is_village_head (const DemoCounty *county, const DemoFamily *family, int i);

/* What has happened to member I, written after their facts: appraisals, training, leave,
 * cases, visits, benefits, enrolments. */
bool demo_write_dealings (DemoCounty *county, const DemoFamily *family, int i, GError **error);
