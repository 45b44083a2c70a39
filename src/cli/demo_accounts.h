/* The accounts of a synthetic county. */
#pragma once

#include "registry/registry.h"

#define DEMO_PASSWORD "liudong"

/* Add them to REGISTRY, which holds a synthetic county. */
bool demo_accounts_add (Registry *registry, GError **error);
