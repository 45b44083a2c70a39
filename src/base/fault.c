#include "fault.h"

G_DEFINE_QUARK (liudong - fault, fault)
