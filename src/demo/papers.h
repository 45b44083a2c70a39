/* Papers: what offices hold about a resident beside the facts themselves.
 *
 * A certificate is the paper behind an attribute of the resident, by the same
 * department: skill_level and its certificate agree in level, trade and date. */
#pragma once

#include "county.h"

/* What is drawn before the resident is written, as both state it. */
typedef struct {
  Text skill_trade;
  Day skill_on, title_on; /* DEMO_NO_DAY: none */
  Text taiwan_trade;      /* "" for none */
  bool hard_to_employ;
} DemoPapers;

DemoPapers demo_papers_draw (const DemoCounty *county, const DemoPerson *person, const DemoLife *life);
/* Certificates, recognitions, the personnel file and insurance periods of RESIDENT. */
bool demo_write_papers (DemoCounty *county, const DemoPerson *person, const DemoLife *life,
                        const DemoPapers *papers, Subject resident, size_t township, GError **error);
