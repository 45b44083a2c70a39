/* What stands around the cells: which part holds the worksheet, the date system,
 * which cell styles show dates, the shared strings.
 * ISO/IEC 29500-1: 18.2 (workbook), 18.8 (styles), 18.4 (shared strings). */
#include "sheet/sheet_private.h"

enum {
  SMALL_MAX = 16 << 20, /* relations, workbook */
  STYLES_MAX = 64 << 20,
  STRINGS_XML_MAX = 1 << 30,
  STYLE_COUNT_MAX = 1 << 20,
};

static bool
is_name (const char *a, const char *b)
{
  return strcmp (a, b) == 0;
}

static void
no_text (void *data, const char *bytes, size_t len)
{
}

static void
no_end (void *data, const char *name)
{
}

static char *
text_copy (Text text)
{
  return text.bytes ? g_strndup (text.bytes, text.len) : NULL;
}

/* ---- relations --------------------------------------------------------- */

typedef struct {
  const char *type; /* the last part of the relation's type, or NULL for any … */
  const char *id;   /* … with this id */
  char *target;
} Relation;

static void
relation_begin (void *data, const char *name, PartAttributes attributes)
{
  Relation *r = data;
  if (r->target || !is_name (name, "Relationship"))
    return;
  Text type = part_attribute (attributes, "Type"), id = part_attribute (attributes, "Id");
  if (!type.bytes || !id.bytes || (r->type && !text_ends_with (type, r->type))
      || (r->id && !text_equal (id, text_of (r->id))))
    return;
  r->target = text_copy (part_attribute (attributes, "Target"));
}

/* The part a relation of SOURCE leads to, NULL when there is none.  Caller frees. */
static char *
follow (Package *package, const char *source, const char *type, const char *id, GError **error)
{
  static const PartHandler handler = { relation_begin, no_end, no_text };
  g_autofree char *folder = g_path_get_dirname (source);
  g_autofree char *base = g_path_get_basename (source);
  bool root = is_name (source, "");
  g_autofree char *part
      = root ? g_strdup ("_rels/.rels") : g_strdup_printf ("%s/_rels/%s.rels", folder, base);
  Relation r = { type, id, NULL };
  if (!part_parse (package, part, SMALL_MAX, &handler, &r, error) || !r.target) {
    g_free (r.target);
    return NULL;
  }
  g_autofree char *target = r.target;
  g_autofree char *joined = *target == '/' || root ? g_strdup_printf ("/%s", target + (*target == '/'))
                                                   : g_strdup_printf ("/%s/%s", folder, target);
  g_autofree char *plain = g_canonicalize_filename (joined, "/");
  return g_strdup (plain + 1);
}

/* ---- workbook.xml ------------------------------------------------------ */

typedef struct {
  const char *wanted; /* name, or NULL for the first */
  char *id;
  GString *names;
  Workbook *workbook;
} BookPart;

static void
book_begin (void *data, const char *name, PartAttributes attributes)
{
  BookPart *b = data;
  if (is_name (name, "workbookPr")) {
    Text flag = part_attribute (attributes, "date1904");
    b->workbook->from_1904
        = flag.bytes && (text_equal (flag, text_of ("1")) || text_equal (flag, text_of ("true")));
  } else if (is_name (name, "sheet")) {
    Text sheet = part_attribute (attributes, "name");
    if (b->names->len < 1000 && sheet.bytes)
      g_string_append_printf (b->names, "%s\"%.*s\"", b->names->len ? ", " : "", (int)MIN (sheet.len, 200),
                              sheet.bytes);
    if (!b->id && (!b->wanted || (sheet.bytes && text_equal (sheet, text_of (b->wanted)))))
      b->id = text_copy (part_attribute (attributes, "id"));
  }
}

static bool
find_sheet (Workbook *workbook, Package *package, const char *part, const char *wanted, GError **error)
{
  static const PartHandler handler = { book_begin, no_end, no_text };
  g_autoptr (GString) names = g_string_new (NULL);
  BookPart book = { wanted, NULL, names, workbook };
  bool ok = part_parse (package, part, SMALL_MAX, &handler, &book, error);
  if (ok && !book.id)
    g_set_error (error, FAULT, wanted ? FAULT_NOT_FOUND : FAULT_INPUT,
                 "%s: there is no worksheet \"%s\"; there are %s", package_path (package),
                 wanted ? wanted : "", names->str);
  else if (ok) {
    workbook->sheet = follow (package, part, NULL, book.id, error);
    if (!workbook->sheet && error && !*error)
      g_set_error (error, FAULT, FAULT_INPUT, "%s: the worksheet leads nowhere: save the workbook again",
                   package_path (package));
  }
  g_free (book.id);
  return workbook->sheet != NULL;
}

/* ---- styles.xml -------------------------------------------------------- */

/* The formats that need no definition (18.8.30), with those of East Asia. */
static StyleKind
style_of_number (guint64 id)
{
  if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54)
      || id == 57 || id == 58)
    return STYLE_DATE;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 || id == 56)
    return STYLE_TIME;
  return STYLE_PLAIN;
}

StyleKind
style_of_format (Text code)
{
  bool day = false, month = false, clock = false;
  for (size_t i = 0; i < code.len && code.bytes[i] != ';'; i++) {
    char c = g_ascii_tolower (code.bytes[i]);
    if (c == '"' || c == '[') {
      const char *end = memchr (code.bytes + i + 1, c == '"' ? '"' : ']', code.len - i - 1);
      size_t to = end ? (size_t)(end - code.bytes) : code.len;
      clock = clock || (c == '[' && to == i + 2 && strchr ("hms", g_ascii_tolower (code.bytes[i + 1])));
      i = to;
    } else if (c == '\\' || c == '_' || c == '*')
      i++;
    else if (c == 'g' && code.len - i >= 7 && !g_ascii_strncasecmp (code.bytes + i, "general", 7))
      i += 6;
    else {
      day = day || c == 'y' || c == 'd';
      month = month || c == 'm';
      clock = clock || c == 'h' || c == 's';
    }
  }
  return day || (month && !clock) ? STYLE_DATE : clock ? STYLE_TIME : STYLE_PLAIN;
}

typedef struct {
  GHashTable *formats; /* number → StyleKind */
  GByteArray *styles;
  bool in_cells;
} StylesPart;

static guint64
number_attribute (PartAttributes attributes, const char *name)
{
  Text text = part_attribute (attributes, name);
  guint64 value = 0;
  for (size_t i = 0; text.bytes && i < MIN (text.len, 9); i++)
    value = value * 10 + (guint64)(text.bytes[i] >= '0' && text.bytes[i] <= '9' ? text.bytes[i] - '0' : 0);
  return value;
}

static void
styles_begin (void *data, const char *name, PartAttributes attributes)
{
  StylesPart *s = data;
  if (is_name (name, "numFmt")) {
    Text code = part_attribute (attributes, "formatCode");
    if (code.bytes)
      g_hash_table_insert (s->formats, GSIZE_TO_POINTER (number_attribute (attributes, "numFmtId")),
                           GINT_TO_POINTER ((int)style_of_format (code) + 1));
  } else if (is_name (name, "cellXfs"))
    s->in_cells = true;
  else if (s->in_cells && is_name (name, "xf") && s->styles->len < STYLE_COUNT_MAX) {
    guint64 number = number_attribute (attributes, "numFmtId");
    int defined = GPOINTER_TO_INT (g_hash_table_lookup (s->formats, GSIZE_TO_POINTER (number)));
    guint8 kind = (guint8)(defined ? (StyleKind)(defined - 1) : style_of_number (number));
    g_byte_array_append (s->styles, &kind, 1);
  }
}

static void
styles_end (void *data, const char *name)
{
  if (is_name (name, "cellXfs"))
    ((StylesPart *)data)->in_cells = false;
}

static bool
read_styles (Workbook *workbook, Package *package, const char *part, GError **error)
{
  static const PartHandler handler = { styles_begin, styles_end, no_text };
  g_autoptr (GHashTable) formats = g_hash_table_new (NULL, NULL);
  StylesPart styles = { formats, workbook->styles, false };
  return part_parse (package, part, STYLES_MAX, &handler, &styles, error);
}

/* ---- shared strings ---------------------------------------------------- */

typedef struct {
  Workbook *workbook;
  size_t start;      /* of the string being read */
  bool in_text;      /* inside <t> … */
  unsigned phonetic; /* … but not inside <rPh>, which says how it is read aloud */
  bool overflow;
} StringsPart;

static void
strings_begin (void *data, const char *name, PartAttributes attributes)
{
  StringsPart *s = data;
  if (is_name (name, "si"))
    s->start = s->workbook->bytes->len;
  else if (is_name (name, "rPh"))
    s->phonetic++;
  else if (is_name (name, "t"))
    s->in_text = true;
}

static void
strings_end (void *data, const char *name)
{
  StringsPart *s = data;
  if (is_name (name, "t"))
    s->in_text = false;
  else if (is_name (name, "rPh"))
    s->phonetic -= s->phonetic > 0;
  else if (is_name (name, "si") && !s->overflow) {
    GByteArray *bytes = s->workbook->bytes;
    guint32 end = (guint32)s->start;
    if (bytes->len > s->start)
      end += (guint32)text_unescape ((char *)bytes->data + s->start, bytes->len - s->start);
    g_byte_array_set_size (bytes, end);
    g_array_append_val (s->workbook->ends, end);
  }
}

static void
strings_text (void *data, const char *bytes, size_t len)
{
  StringsPart *s = data;
  if (!s->in_text || s->phonetic)
    return;
  s->overflow = s->overflow || s->workbook->bytes->len + len > SHEET_STRINGS_MAX;
  if (!s->overflow)
    g_byte_array_append (s->workbook->bytes, (const guint8 *)bytes, (guint)len);
}

static bool
read_strings (Workbook *workbook, Package *package, const char *part, GError **error)
{
  static const PartHandler handler = { strings_begin, strings_end, strings_text };
  StringsPart strings = { .workbook = workbook };
  if (!part_parse (package, part, STRINGS_XML_MAX, &handler, &strings, error))
    return false;
  if (strings.overflow)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: more than %d MiB of different texts: save the table as CSV",
                 package_path (package), SHEET_STRINGS_MAX >> 20);
  return !strings.overflow;
}

bool
workbook_string (const Workbook *workbook, guint64 i, Text *text)
{
  if (i >= workbook->ends->len)
    return false;
  guint32 from = i ? g_array_index (workbook->ends, guint32, i - 1) : 0;
  *text = (Text){ workbook->bytes->data ? (const char *)workbook->bytes->data + from : "",
                  g_array_index (workbook->ends, guint32, i) - from };
  return true;
}

/* ---- texts ------------------------------------------------------------- */

static int
hex_of (const char *digits, int n)
{
  int value = 0;
  for (int i = 0; i < n; i++) {
    int digit = g_ascii_xdigit_value (digits[i]);
    if (digit < 0)
      return -1;
    value = value * 16 + digit;
  }
  return value;
}

size_t
text_unescape (char *bytes, size_t len)
{
  const char *first = memchr (bytes, '_', len);
  if (!first)
    return len;
  size_t to = (size_t)(first - bytes);
  for (size_t i = to; i < len;) {
    bool escape = len - i >= 7 && bytes[i] == '_' && bytes[i + 1] == 'x' && bytes[i + 6] == '_';
    int code = escape ? hex_of (bytes + i + 2, 4) : -1;
    if (code > 0 && (code < 0xD800 || code > 0xDFFF)) {
      to += (size_t)g_unichar_to_utf8 ((gunichar)code, bytes + to);
      i += 7;
    } else
      bytes[to++] = bytes[i++];
  }
  return to;
}

/* ---- all --------------------------------------------------------------- */

static bool
read_optional (Workbook *workbook, Package *package, const char *book, const char *type,
               bool (*read) (Workbook *, Package *, const char *, GError **), GError **error)
{
  GError *fault = NULL;
  g_autofree char *part = follow (package, book, type, NULL, &fault);
  if (fault) {
    g_propagate_error (error, fault);
    return false;
  }
  return !part || !package_has (package, part) || read (workbook, package, part, error);
}

bool
workbook_read (Workbook *workbook, Package *package, const char *sheet, GError **error)
{
  *workbook = (Workbook){ .styles = g_byte_array_new (),
                          .bytes = g_byte_array_new (),
                          .ends = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  GError *fault = NULL;
  g_autofree char *book = follow (package, "", "/officeDocument", NULL, &fault);
  if (!book) {
    if (fault)
      g_propagate_error (error, fault);
    else
      g_set_error (error, FAULT, FAULT_INPUT, "%s: is a zip, but no workbook", package_path (package));
    return false;
  }
  return find_sheet (workbook, package, book, sheet, error)
         && read_optional (workbook, package, book, "/styles", read_styles, error)
         && read_optional (workbook, package, book, "/sharedStrings", read_strings, error);
}

void
workbook_clear (Workbook *workbook)
{
  g_free (workbook->sheet);
  if (workbook->styles)
    g_byte_array_free (workbook->styles, TRUE);
  if (workbook->bytes)
    g_byte_array_free (workbook->bytes, TRUE);
  if (workbook->ends)
    g_array_free (workbook->ends, TRUE);
}
