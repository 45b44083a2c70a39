/* A row's cells become facts, or problems.  Kind where kindness is safe (blanks at
 * the ends, full-width digits, 2021年9月30日, English labels of values), strict in
 * everything that could mean two things. */
#include "intake/intake_private.h"

enum { TEXT_MAX_BYTES = 64 * 1024 };

void
check_init (RowCheck *check, const RegistrySchema *schema, const RegistryEntity *entity,
            const IntakePlan *plan)
{
  *check = (RowCheck){ .schema = schema, .entity = entity, .plan = plan };
  check->scratch = arena_new ();
  check->seen = seen_new ();
  check->facts = g_new0 (RegistryFact, entity->n);
  check->cells = g_new0 (Text, entity->n);
  check->column_of = g_new (size_t, entity->n);
  check->key_column = check->subject_column = check->label_column = G_MAXSIZE;
  for (size_t i = 0; i < entity->n; i++)
    check->column_of[i] = G_MAXSIZE;
  for (size_t k = 0; k < plan->n; k++) {
    const IntakeColumn *c = &plan->columns[k];
    if (c->kind == INTAKE_COLUMN_SUBJECT)
      check->subject_column = k;
    if (c->kind != INTAKE_COLUMN_FACT)
      continue;
    check->column_of[c->attribute->index] = k;
    if (c->attribute == entity->number)
      check->key_column = k;
    if (c->attribute == entity->label)
      check->label_column = k;
  }
}

void
check_clear (RowCheck *check)
{
  arena_free (check->scratch);
  seen_free (check->seen);
  g_free (check->facts);
  g_free (check->cells);
  g_free (check->column_of);
}

void
check_add (RowCheck *check, ProblemKind kind, size_t column, Text value, gint64 number)
{
  if (check->n_problems < PROBLEMS_OF_ROW)
    check->problems[check->n_problems++] = (Problem){ kind, column, value, number };
}

/* ---- making plain ------------------------------------------------------ */

static bool
is_ascii (Text text)
{
  for (size_t i = 0; i < text.len; i++)
    if (text.bytes[i] & 0x80)
      return false;
  return true;
}

/* Digits and letters in half width and capitals: "３５０１２１…ｘ" is a number, too. */
static Text
plain_code (RowCheck *check, Text text)
{
  bool capital = is_ascii (text);
  for (size_t i = 0; capital && i < text.len; i++)
    capital = !g_ascii_islower (text.bytes[i]);
  if (capital)
    return text;
  g_autofree char *half = text_half_width ((Text){ arena_text (check->scratch, text), text.len });
  g_autofree char *upper = g_ascii_strup (half, -1);
  return arena_text_copy (check->scratch, text_of (upper));
}

static Text
plain_number (RowCheck *check, Text text)
{
  if (is_ascii (text))
    return text;
  g_autofree char *half = text_half_width ((Text){ arena_text (check->scratch, text), text.len });
  return arena_text_copy (check->scratch, text_of (half));
}

static size_t
read_digits (Text text, size_t at, int *value)
{
  size_t n = 0;
  for (*value = 0; at + n < text.len && n < 5 && g_ascii_isdigit (text.bytes[at + n]); n++)
    *value = *value * 10 + (text.bytes[at + n] - '0');
  return n;
}

/* The bytes of a separator at AT, one of those that part a date; 0 when there is none. */
static size_t
separator (Text text, size_t at, const char *character)
{
  Text rest = { text.bytes + at, text.len - at };
  if (text_starts_with (rest, character))
    return strlen (character);
  return rest.len && strchr ("-/.", rest.bytes[0]) ? 1 : 0;
}

static bool
is_eight_digits (Text text)
{
  for (size_t i = 0; i < text.len; i++)
    if (!g_ascii_isdigit (text.bytes[i]))
      return false;
  return text.len == 8;
}

/* 2021-09-30 of 2021/9/30, 2021.9.30, 2021年9月30日 or 20210930: the year comes first. */
static Text
plain_date (RowCheck *check, Text text)
{
  int year, month, day;
  size_t n = read_digits (text, 0, &year), at = n, parted;
  char buffer[32];
  if (text.len == 10 && text.bytes[4] == '-')
    return text;
  if (is_eight_digits (text)) {
    g_snprintf (buffer, sizeof buffer, "%.4s-%.2s-%.2s", text.bytes, text.bytes + 4, text.bytes + 6);
    return arena_text_copy (check->scratch, text_of (buffer));
  }
  if (n != 4 || !(parted = separator (text, at, "年")))
    return text;
  at += parted;
  n = read_digits (text, at, &month);
  if (!n || n > 2 || !(parted = separator (text, at + n, "月")))
    return text;
  at += n + parted;
  n = read_digits (text, at, &day);
  at += n;
  at += at < text.len && text_equal ((Text){ text.bytes + at, text.len - at }, text_of ("日")) ? strlen ("日")
                                                                                               : 0;
  if (!n || n > 2 || at != text.len)
    return text;
  g_snprintf (buffer, sizeof buffer, "%04d-%02d-%02d", year, month % 100, day % 100);
  return arena_text_copy (check->scratch, text_of (buffer));
}

static Text
plain_value (const RegistryAttribute *a, Text text)
{
  for (size_t i = 0; a->values_en && i < a->n_values; i++)
    if (a->values_en[i] && text_equal (text, text_of (a->values_en[i])))
      return text_of (a->values[i]);
  return text;
}

/* Codes are compared letter by letter, so they are kept in one form. */
static bool
is_code (const RegistryAttribute *a)
{
  return a == a->entity->number || g_str_equal (a->id, "id_number") || g_str_equal (a->id, "credit_code");
}

static Text
plain (RowCheck *check, const RegistryAttribute *a, Text text)
{
  switch (a->kind) {
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY: return plain_number (check, text);
  case REGISTRY_DATE: return plain_date (check, plain_number (check, text));
  case REGISTRY_TEXT:
    return is_code (a) ? plain_code (check, text) : a->values ? plain_value (a, text) : text;
  default: return text;
  }
}

/* ---- cells ------------------------------------------------------------- */

/* What spreadsheets show instead of a value that they could not compute. */
static bool
is_spreadsheet_fault (Text text)
{
  static const char *const words[]
      = { "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "########" };
  for (size_t i = 0; text.bytes[0] == '#' && i < G_N_ELEMENTS (words); i++)
    if (text_equal (text, text_of (words[i])))
      return true;
  return false;
}

static bool
is_printable (Text text)
{
  if (text.len > TEXT_MAX_BYTES)
    return false;
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.bytes[i];
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F)
      return false;
  }
  return true;
}

/* Why registry_fact_parse refused TEXT. */
static ProblemKind
kind_of_refusal (const RegistryAttribute *a, Text text)
{
  Decimal number;
  gint64 scaled;
  Day day;
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return PROBLEM_NO_BOOLEAN;
  case REGISTRY_DATE:
    if (!civil_parse (text, &day))
      return PROBLEM_NO_DATE;
    return a->has_min && day < a->min ? PROBLEM_TOO_SMALL : PROBLEM_TOO_LARGE;
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY:
    if (!decimal_parse (text, &number))
      return PROBLEM_NO_NUMBER;
    if (!decimal_to_scaled (number, a->scale, &scaled))
      return PROBLEM_TOO_FINE;
    return a->has_min && scaled < a->min ? PROBLEM_TOO_SMALL : PROBLEM_TOO_LARGE;
  case REGISTRY_TEXT: return a->values ? PROBLEM_NOT_ALLOWED : PROBLEM_TEXT;
  default: return PROBLEM_NO_REFERENCE;
  }
}

/* GB 11643 and GB 32100: a wrong check character is a slip of the pen. */
static void
check_code (RowCheck *check, const RegistryAttribute *a, size_t column, Text text)
{
  bool citizen = g_str_equal (a->id, "id_number"), credit = g_str_equal (a->id, "credit_code");
  if (citizen && identity_check_citizen (text, NULL, NULL, NULL) == IDENTITY_BAD)
    check_add (check, PROBLEM_ID_NUMBER, column, text, 0);
  else if (credit && identity_check_credit (text, NULL) == IDENTITY_BAD)
    check_add (check, PROBLEM_CREDIT_CODE, column, text, 0);
}

static void
take_fact (RowCheck *check, const RegistryAttribute *a, size_t column, Text cell)
{
  RegistryFact *fact = &check->facts[a->index];
  check->cells[a->index] = cell;
  if (text_equal (cell, text_of (INTAKE_NONE_ZH)) || text_equal (cell, text_of (INTAKE_NONE_EN))) {
    fact->state = REGISTRY_NONE;
    return;
  }
  if (is_spreadsheet_fault (cell)) {
    check_add (check, PROBLEM_SPREADSHEET, column, cell, 0);
    return;
  }
  if (a->kind == REGISTRY_REFERENCE)
    return;
  Text text = plain (check, a, cell);
  if (!is_printable (text))
    check_add (check, PROBLEM_TEXT, column, cell, 0);
  else if (!registry_fact_parse (check->schema, a, text, fact, NULL)) {
    *fact = (RegistryFact){ .attribute = a };
    check_add (check, kind_of_refusal (a, text), column, cell, 0);
  } else if (is_code (a))
    check_code (check, a, column, text);
}

static void
take_subject (RowCheck *check, size_t column, Text cell)
{
  check->names_subject = true;
  if (!registry_subject_parse (check->schema, cell, &check->subject)
      || registry_subject_entity (check->schema, check->subject) != check->entity) {
    check->subject = 0;
    check_add (check, PROBLEM_NO_SUBJECT, column, cell, 0);
  }
}

/* ---- rows -------------------------------------------------------------- */

/* The ID number has the birth date (digits 7–14) and the sex (digit 17) in it. */
static void
compare_id_number (RowCheck *check)
{
  const RegistryAttribute *birth = registry_entity_attribute (check->entity, "birth_date"),
                          *sex = registry_entity_attribute (check->entity, "sex");
  const RegistryAttribute *id = registry_entity_attribute (check->entity, "id_number");
  Day day;
  bool male;
  if (!id || check->facts[id->index].state != REGISTRY_VALUE
      || identity_check_citizen (check->facts[id->index].text, &day, &male, NULL) == IDENTITY_BAD)
    return;
  if (birth && check->facts[birth->index].state == REGISTRY_VALUE
      && check->facts[birth->index].integer != day)
    check_add (check, PROBLEM_ID_BIRTH, check->column_of[birth->index], check->cells[birth->index], 0);
  if (sex && check->facts[sex->index].state == REGISTRY_VALUE
      && !text_equal (check->facts[sex->index].text, text_of (male ? "男" : "女")))
    check_add (check, PROBLEM_ID_SEX, check->column_of[sex->index], check->cells[sex->index], 0);
}

static void
check_width (RowCheck *check, const SheetRow *row)
{
  size_t n = check->plan->n;
  if (row->n < n && check->plan->format == SHEET_CSV)
    check_add (check, PROBLEM_SHORT_ROW, G_MAXSIZE, (Text){ "", 0 }, (gint64)n);
  for (size_t k = n; k < row->n; k++)
    if (text_trim (row->cells[k]).len) {
      check_add (check, PROBLEM_LONG_ROW, G_MAXSIZE, row->cells[k], (gint64)n);
      return;
    }
}

bool
check_row (RowCheck *check, const SheetRow *row)
{
  const IntakePlan *plan = check->plan;
  arena_reset (check->scratch);
  check->n_problems = 0;
  check->names_subject = false;
  check->subject = 0;
  check->key = (Text){ NULL, 0 };
  for (size_t i = 0; i < check->entity->n; i++) {
    check->facts[i] = (RegistryFact){ .attribute = &check->entity->attributes[i] };
    check->cells[i] = (Text){ NULL, 0 };
  }
  check_width (check, row);
  for (size_t k = 0; k < MIN (row->n, plan->n); k++) {
    const IntakeColumn *c = &plan->columns[k];
    Text cell = text_trim (row->cells[k]);
    if (cell.len == 0)
      continue;
    if (c->kind == INTAKE_COLUMN_FACT)
      take_fact (check, c->attribute, k, cell);
    else if (c->kind == INTAKE_COLUMN_SUBJECT)
      take_subject (check, k, cell);
  }
  compare_id_number (check);
  const RegistryAttribute *number = check->entity->number;
  if (number && check->facts[number->index].state == REGISTRY_VALUE)
    check->key = check->facts[number->index].text;
  return check->n_problems == 0;
}

Text
check_key (RowCheck *check, const SheetRow *row)
{
  arena_reset (check->scratch);
  if (check->key_column >= row->n)
    return (Text){ NULL, 0 };
  Text cell = text_trim (row->cells[check->key_column]);
  return cell.len ? plain_code (check, cell) : (Text){ NULL, 0 };
}
