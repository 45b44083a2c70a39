/* The words of words.h, taken apart. */
#pragma once

#include "quality.h"

typedef struct {
  const char *names[8];
  size_t n;
} QualityName;

typedef struct {
  QualityName name, said; /* SAID: what people say instead of a name */
  guint16 skills[QUALITY_SKILLS_MAX];
  size_t n_skills;
  guint16 family, certificate;
  gint64 pay;
} QualityFacts;

size_t quality_occupations (void);
guint16 quality_family (guint16 occupation);
const QualityFacts *quality_facts (guint16 occupation);
const QualityName *quality_skill (guint16 skill);

extern const char *const townships[QUALITY_TOWNS], *const shouts[7], *const ends[6], *const filler[8];
