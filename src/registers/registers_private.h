/* What the parts of registers share.
 *
 *   registers.c  opening and tables; keys: what is sent twice is done once
 *   declare.c    registers.yaml
 *   enter.c      staff enter a record or add to it
 *   rows.c       reading records as the current tables have them
 *   enrol.c      residents enrol; places and the waiting list */
#pragma once

#include "registers/registers.h"

struct Registers {
  RegistersOptions options;
  Arena *arena;
  size_t n;
  const Register *all;
};

gint64 registers_now (const Registers *registers);

/* registers.yaml of the package; none is no fault. */
bool registers_declare (Registers *registers, GError **error);

/* An entry about SUBJECT, and WITH (0: nobody), for REG's sake. */
bool registers_log (StoreConnection *db, const AccessAccount *who, AuditAct act, const Register *reg,
                    Subject subject, Subject with, const char *purpose, const char *did, Subject record,
                    GError **error);

/* The current values of SUBJECT as texts by attribute of ENTITY; NULL with FAULT_NOT_FOUND.  Of what is
 * public, or after the log has it. */
const char *const *registers_texts (Registers *registers, Arena *arena, const RegistryEntity *entity,
                                    Subject subject, GError **error);
/* Of one row of SCAN. */
const char *const *scan_texts (const RegistrySchema *schema, Arena *arena, const RegistryEntity *entity,
                               const RegistryScan *scan);
