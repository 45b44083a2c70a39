/* One sequence of random numbers per kind of thing: see random.h. */
#pragma once

enum {
  DEMO_STREAM_HOUSEHOLD = 1, /* who lives together */
  DEMO_STREAM_PERSON,        /* one resident's life */
  DEMO_STREAM_HOUSEHOLD_FACTS,
  DEMO_STREAM_ORGANISATION, /* of what kind, where */
  DEMO_STREAM_ORGANISATION_FACTS,
  DEMO_STREAM_SCHOOL, /* its size */
  DEMO_STREAM_SCHOOL_FACTS,
  DEMO_STREAM_CORRECTION,
  DEMO_STREAM_UNKNOWN,  /* what nobody has stated */
  DEMO_STREAM_PAPERS,   /* certificates, files, insurance of one resident */
  DEMO_STREAM_POSTS,    /* posts and recognitions of one organisation */
  DEMO_STREAM_STANDING, /* what more is known of one resident */
  DEMO_STREAM_CHOSEN,   /* for research, to head a village */
  DEMO_STREAM_HOLDING,  /* and of one household */
  DEMO_STREAM_MOVES,    /* whether it is registered in another township */
  DEMO_STREAM_WORKPLACE,
  DEMO_STREAM_CHECKS, /* of one school */
  DEMO_STREAM_PLACE,
  DEMO_STREAM_CASES,     /* trainings, arbitration, visits of one resident */
  DEMO_STREAM_REGISTERS, /* matters, funds, documents, events */
};
