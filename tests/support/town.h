/* town — a registry in a fresh folder, for tests that ask what a policy package says of people. */
#pragma once

#include "policy/policy.h"
#include "support.h"

typedef struct {
  char *folder;
  Registry *registry;
  Access *access; /* the package's purposes are handed */
  Day as_of;      /* the day a demo county is made for; else 0 */
} Town;

/* The county's package, policy/minhou-2021-81; freed with policy_free. */
PolicyPackage *town_package (void);
/* A town where nobody lives yet, under PACKAGE, which stays the caller's. */
void town_open (Town *town, const PolicyPackage *package);
/* A demo county of so many RESIDENTS, the same for the same SEED. */
void town_open_demo (Town *town, const PolicyPackage *package, gint64 residents, guint64 seed);
void town_close (Town *town);
