/* tck_suite — the cases of the DMN TCK as data: read from its XML, and what it
 * expects compared with what came.
 *
 * A case passes when every result does.  Numbers agree within 1e-8, contexts when
 * their keys are the same and their values agree, lists by position, dates, times
 * and durations by kind and value. */
#pragma once

#include "dmn/dmn.h"

typedef struct {
  const char *name; /* of a decision */
  FeelValue expected;
} TckResult;

typedef struct {
  const char *id;
  const char *invocable; /* a service's or a function's name, NULL for decisions */
  FeelValue inputs;      /* a context */
  size_t n;
  const TckResult *results;
} TckCase;

typedef struct {
  const char *folder; /* "compliance-level-2/0001-input-data-string" */
  const char *file;   /* the test file's name without .xml */
  const char *path;
  const char *model; /* path of the model */
  size_t n;
  const TckCase *cases;
} TckFile;

/* Every test file below ROOT, sorted by path; what lies in ARENA lives there.
 * FAULT_INPUT for a test file that cannot be read, FAULT_NOT_FOUND for no folder. */
const TckFile *tck_read (Arena *arena, const char *root, size_t *n, GError **error);
bool tck_agrees (FeelValue expected, FeelValue actual);
