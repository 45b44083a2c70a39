/* The two manners as data.  PAPER_OFFICIAL: GB/T 9704-2012, clauses 5 and 7. */
#include "paper_private.h"

/* Size names of Chinese printing, in points (GB/T 148 has none; they are custom). */
#define SIZE_2 22.0
#define SIZE_4 14.0

/* 22 lines to 225 mm, 28 characters to 156 mm (GB/T 9704-2012, 5.2.3). */
#define OFFICIAL_PITCH (PAPER_MM (225) / 22)
#define OFFICIAL_SIZE (PAPER_MM (156) / 28)

static const Manner manners[] = {
  [PAPER_RECORD] = {
    .top = PAPER_MM (20), .bottom = PAPER_MM (22), .left = PAPER_MM (20), .right = PAPER_MM (20),
    .number_below = PAPER_MM (9),
    .styles = {
      [STYLE_TITLE] = { "H1", .bold = true, .size = 18, .pitch = 27, .after = 6 },
      [STYLE_HEADING_1] = { "H2", .bold = true, .size = 13, .pitch = 20, .before = 14, .after = 4 },
      [STYLE_HEADING_2] = { "H3", .bold = true, .size = 10.5, .pitch = 16, .before = 10, .after = 3 },
      [STYLE_BODY] = { "P", .size = 10.5, .pitch = 17, .after = 6 },
      [STYLE_NOTE] = { "P", .size = 8.5, .pitch = 13, .after = 4, .grey = 0.3 },
      [STYLE_LABEL] = { "TH", .size = 9, .pitch = 14, .grey = 0.3 },
      [STYLE_CELL] = { "TD", .size = 9, .pitch = 14 },
      [STYLE_HEAD_CELL] = { "TH", .bold = true, .size = 9, .pitch = 14 },
      [STYLE_PAGE_NUMBER] = { NULL, .size = 8.5, .pitch = 13, .grey = 0.3 },
    },
  },
  [PAPER_OFFICIAL] = {
    .top = PAPER_MM (37), .bottom = PAPER_MM (35), .left = PAPER_MM (28), .right = PAPER_MM (26),
    .number_below = PAPER_MM (7), .outer_number = true,
    .styles = {
      [STYLE_TITLE] = { "H1", .serif = true, .bold = true, .size = SIZE_2, .pitch = 1.25 * OFFICIAL_PITCH,
                        .before = OFFICIAL_PITCH, .after = OFFICIAL_PITCH, .align = ALIGN_CENTRE },
      [STYLE_HEADING_1] = { "H2", .size = OFFICIAL_SIZE, .pitch = OFFICIAL_PITCH, .indent = 2 },
      [STYLE_HEADING_2] = { "H3", .serif = true, .bold = true, .size = OFFICIAL_SIZE, .pitch = OFFICIAL_PITCH,
                            .indent = 2 },
      [STYLE_BODY] = { "P", .serif = true, .size = OFFICIAL_SIZE, .pitch = OFFICIAL_PITCH, .indent = 2 },
      [STYLE_NOTE] = { "P", .serif = true, .size = SIZE_4, .pitch = 22, .after = 4 },
      [STYLE_LABEL] = { "TH", .serif = true, .size = SIZE_4, .pitch = 22 },
      [STYLE_CELL] = { "TD", .serif = true, .size = SIZE_4, .pitch = 22 },
      [STYLE_HEAD_CELL] = { "TH", .serif = true, .bold = true, .size = SIZE_4, .pitch = 22 },
      [STYLE_PAGE_NUMBER] = { NULL, .serif = true, .size = SIZE_4, .pitch = SIZE_4 },
    },
  },
};

const Manner *
manner_of (PaperManner manner)
{
  return &manners[manner];
}
