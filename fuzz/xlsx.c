/* Any part of a workbook, the others being sound: the first byte says which, the
 * rest is its XML.  'z': the bytes are the zip itself. */
#include "sheet/sheet.h"

#include <glib/gstdio.h>
#include <unistd.h>
#include <zip.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define TYPE "/relationships/"

static const struct {
  char key;
  const char *name, *text;
} parts[] = {
  { 'r', "_rels/.rels",
    "<R><Relationship Id=\"r1\" Type=\"" TYPE "officeDocument\" Target=\"xl/workbook.xml\"/></R>" },
  { 'l', "xl/_rels/workbook.xml.rels",
    "<R><Relationship Id=\"a\" Type=\"" TYPE
    "worksheet\" Target=\"s.xml\"/><Relationship Id=\"b\" Type=\"" TYPE
    "styles\" Target=\"styles.xml\"/><Relationship Id=\"c\" Type=\"" TYPE
    "sharedStrings\" Target=\"strings.xml\"/></R>" },
  { 'w', "xl/workbook.xml", "<w xmlns:r=\"r\"><sheets><sheet name=\"S\" r:id=\"a\"/></sheets></w>" },
  { 'y', "xl/styles.xml", "<s><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></s>" },
  { 't', "xl/strings.xml", "<s><si><t>one</t></si></s>" },
  { 's', "xl/s.xml",
    "<w><sheetData><row><c t=\"s\"><v>0</v></c><c s=\"1\"><v>44469</v></c></row></sheetData></w>" },
};

static void
make_workbook (const char *path, char key, const uint8_t *data, size_t size)
{
  zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++) {
    bool own = parts[i].key == key;
    zip_source_t *source = zip_source_buffer (zip, own ? (const void *)data : parts[i].text,
                                              own ? size : strlen (parts[i].text), 0);
    g_assert (zip_file_add (zip, parts[i].name, source, 0) >= 0);
    zip_set_file_compression (zip, i, ZIP_CM_STORE, 0);
  }
  g_assert (zip_close (zip) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static char path[64];
  if (size < 1)
    return 0;
  if (!*path)
    g_snprintf (path, sizeof path, "/tmp/liudong-fuzz-%d.xlsx", (int)getpid ());
  if (data[0] == 'z')
    g_assert (g_file_set_contents (path, (const char *)data + 1, (gssize)size - 1, NULL));
  else
    make_workbook (path, (char)data[0], data + 1, size - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SheetReader) reader = sheet_reader_open (path, NULL, &error);
  SheetRow row;
  SheetStep step = SHEET_FAILED;
  gint64 before = 0;
  while (reader && (step = sheet_reader_next (reader, &row, &error)) == SHEET_ROW) {
    g_assert (row.number > before && row.n > 0);
    before = row.number;
    for (size_t i = 0; i < row.n; i++)
      g_assert (text_is_utf8 (row.cells[i], NULL));
  }
  g_assert ((step == SHEET_FAILED) == (error != NULL));
  g_unlink (path);
  return 0;
}
