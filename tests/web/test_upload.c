/* Forms with a file: what browsers send, and what nobody should. */
#include "support.h"
#include "web/upload.h"

#define TYPE "multipart/form-data; boundary=XyZ"
#define FIELD "--XyZ\r\nContent-Disposition: form-data; name=\"entity\"\r\n\r\nresident\r\n"
#define UPLOAD(name, bytes)                                                                                  \
  "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" name                                 \
  "\"\r\nContent-Type: text/csv\r\n\r\n" bytes "\r\n"
#define END "--XyZ--\r\n"

static const struct {
  const char *what, *type, *body;
  bool good;
  const char *name, *bytes; /* of the file; NULL: none */
} cases[] = {
  { "both", TYPE, FIELD UPLOAD ("a.csv", "x,y\r\n1,2") END, true, "a.csv", "x,y\r\n1,2" },
  { "no file chosen", TYPE, FIELD UPLOAD ("", "") END, true, NULL, NULL },
  { "empty file", TYPE, FIELD UPLOAD ("a.csv", "") END, true, "a.csv", "" },
  { "a line like a boundary", TYPE, FIELD UPLOAD ("a", "x--XyZ\r\n-XyZ") END, true, "a", "x--XyZ\r\n-XyZ" },
  { "with a folder", TYPE, UPLOAD ("C:\\t\\..\\b.csv", "1") END, true, "b.csv", "1" },
  { "quoted boundary", "multipart/form-data; boundary=\"XyZ\"", FIELD END, true, NULL, NULL },
  { "no boundary", "multipart/form-data", FIELD END, false, NULL, NULL },
  { "another boundary", "multipart/form-data; boundary=abc", FIELD END, false, NULL, NULL },
  { "cut off", TYPE, FIELD UPLOAD ("a.csv", "x"), false, NULL, NULL },
  { "cut inside", TYPE, "--XyZ\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nabc", false, NULL, NULL },
  { "no head", TYPE, "--XyZ\r\nabc\r\n" END, false, NULL, NULL },
  { "no name", TYPE, "--XyZ\r\nContent-Disposition: form-data\r\n\r\nabc\r\n" END, false, NULL, NULL },
  { "a field that is no UTF-8", TYPE,
    "--XyZ\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n\xff\r\n" END, false, NULL, NULL },
  { "empty", TYPE, "", false, NULL, NULL },
};

static void
test_case (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  WebFields form = { 0 };
  const WebUpload *upload = NULL;
  bool good = web_upload_parse (arena, cases[i].type, text_of (cases[i].body), &form, &upload, &error);
  g_assert_cmpint (good, ==, cases[i].good);
  if (!good) {
    g_assert_error (error, FAULT, FAULT_USAGE);
    return;
  }
  if (strstr (cases[i].body, "resident"))
    g_assert_cmpstr (web_field (&form, "entity"), ==, "resident");
  g_assert_cmpint (upload != NULL, ==, cases[i].name != NULL);
  if (upload) {
    g_assert_cmpstr (upload->name, ==, cases[i].name);
    g_assert_true (text_equal (upload->bytes, text_of (cases[i].bytes)));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/upload/%s", cases[i].what);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  return g_test_run ();
}
