/* QR codes for pages. */
#pragma once

#include "base/base.h"

/* TEXT as the path of an SVG whose side is SIZE modules, quiet zone included (ISO/IEC 18004). */
char *qr_path (Arena *arena, const char *text, unsigned *size);
