/* The accounts of a synthetic county. */
#pragma once

#include "policy/policy.h"

#define DEMO_PASSWORD "liudong"

/* Add them to the database at PATH, which holds a county of SCHEMA. */
bool demo_accounts_add (const char *path, const RegistrySchema *schema, GError **error);
