/* Names and numbers that nobody can take for real ones.
 *
 * People are called 林测甲子 or 陈样乙丑: a common surname, 测 (test) for men or
 * 样 (sample) for women, and one of the sixty year names.  ID numbers are well
 * formed, check character included, but their region lies in 356000 … 359999:
 * 35 is Fujian, and cities 60 to 99 of it have never been assigned (GB/T 2260
 * runs from 01 to 09 there), so no card bears such a number.  Credit codes
 * belong to Minhou (350121) and pass both checks, but their organisation part
 * begins with YX, a series that is not given out.  Telephone numbers begin with
 * 100, which is no mobile prefix. */
#pragma once

#include "base/base.h"

/* ID numbers are distinct below this index, whatever the birth dates. */
enum { DEMO_PEOPLE_MAX = 2000000 };
enum { DEMO_ID_SIZE = 19, DEMO_CREDIT_SIZE = 19, DEMO_PHONE_SIZE = 12, DEMO_NAME_SIZE = 96 };

/* The citizen number of resident INDEX (from 0). */
void demo_id_number (char out[DEMO_ID_SIZE], gint64 index, Day birth, bool male);
/* The credit code of organisation INDEX (from 0, below a million).  REGISTRY and
 * KIND as GB 32100: "91" firms, "12" institutions, "52" private non-profit bodies. */
void demo_credit_code (char out[DEMO_CREDIT_SIZE], const char *registry_kind, gint64 index);
void demo_phone (char out[DEMO_PHONE_SIZE], gint64 index);
/* 林测甲子 */
void demo_person_name (char out[DEMO_NAME_SIZE], Text surname, bool male, gint64 year_name);
/* 甲子, 乙丑, … and from 60 on 甲子二, 甲子三, …: distinct for every INDEX from 0. */
void demo_serial_name (char out[DEMO_NAME_SIZE], gint64 index);
