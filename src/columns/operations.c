/* A compiled program, shown. */
#include "columns_private.h"

const ColumnsTable *
columns_program_table (const ColumnsProgram *p)
{
  return p->table;
}

size_t
columns_program_planes (const ColumnsProgram *p)
{
  return p->ops->len;
}

const ColumnsOperation *
columns_program_operation (const ColumnsProgram *p, int plane, const DmnDecision **decision)
{
  const Op *op = &g_array_index (p->ops, Op, plane);
  if (plane <= ALL_OF || op->last < 0)
    return NULL;
  if (decision)
    *decision = op->decision;
  return &op->key;
}

size_t
columns_program_spaces (const ColumnsProgram *p)
{
  return p->spaces->len;
}

int
columns_program_space (const ColumnsProgram *p, int space, int *members)
{
  const Space *s = &g_array_index (p->spaces, Space, space);
  *members = s->members;
  return s->parent;
}

size_t
columns_program_answers (const ColumnsProgram *p)
{
  return p->n_answers;
}

ColumnsAnswerPlanes
columns_program_answer (const ColumnsProgram *p, size_t i)
{
  const Answer *a = &p->answers[i];
  return (ColumnsAnswerPlanes){ a->decision, a->numbers, a->truths, a->none, a->unknown };
}

size_t
columns_program_reasons (const ColumnsProgram *p)
{
  return p->reasons->len;
}

ColumnsReasonPlanes
columns_program_reason (const ColumnsProgram *p, size_t i)
{
  const Reason *r = &g_array_index (p->reasons, Reason, i);
  return (ColumnsReasonPlanes){ r->decision, r->table, r->rule, r->refused, r->n_bytes, r->failed, r->open };
}
