#pragma once

#include "web/models.h"

/* Reads the facts of M's subject that the reader may see, and groups them: what is
 * stated, what a complete register does not have, what nobody recorded. */
bool facts_read (const WebRequest *request, SubjectModel *m, GError **error);
/* A fact's value; of a reference the name of what it leads to, where it may be read. */
const char *facts_value (const Page *page, const SubjectModel *m, const RegistryProvenance *fact);
/* Its name, behind whose it is where that is not M's subject. */
const char *facts_label (const Page *page, const SubjectModel *m, const RegistryProvenance *fact);
