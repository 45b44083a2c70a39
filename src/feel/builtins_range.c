#include "feel_private.h"

/* Allen's relations between points and ranges, 10.3.4.6 table 78. */

const Builtin builtins_range[] = {
  { 0 },
};
