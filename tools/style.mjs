// style — compiles the style sheet and packs what pages load into one C file.
//
//     node style.mjs OUT.c OUT.h DEPFILE MAIN.scss FILE…
//
// Each file is served under a name that carries the hash of its content, plain
// and gzipped; MAIN.scss is compiled to style.css first.  The header gives each
// a C name: ASSET_STYLE_CSS.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as sass from 'sass';

const [codePath, headerPath, depfilePath, mainPath, ...otherPaths] = process.argv.slice(2);
const types = { '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.js': 'text/javascript; charset=utf-8', '.png': 'image/png' };
const modules = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');

const compiled = sass.compile(mainPath, {
  style: 'compressed', loadPaths: [modules], quietDeps: true,
  logger: { warn(message, where) { throw new Error(`${mainPath}: ${message}`); }, debug() {} },
});
const files = [
  { name: 'style.css', bytes: Buffer.from(compiled.css) },
  ...otherPaths.map((path) => ({ name: basename(path), bytes: readFileSync(path) })),
];

const array = (bytes) => [...bytes].join(',').replace(/(.{1,110}),/g, '$1,\n');
const entries = files.map(({ name, bytes }, i) => {
  const extension = extname(name), hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const gzip = gzipSync(bytes, { level: 9 });
  return {
    symbol: `ASSET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`,
    arrays: `static const unsigned char plain_${i}[] = {\n${array(bytes)}\n};\n`
      + `static const unsigned char gzip_${i}[] = {\n${array(gzip)}\n};\n`,
    row: `  { "/assets/${basename(name, extension)}-${hash}${extension}", "${types[extension]}", "\\"${hash}\\"",\n`
      + `    { (const char *) plain_${i}, ${bytes.length} }, { (const char *) gzip_${i}, ${gzip.length} } },\n`,
  };
});

const note = '/* Made by tools/style.mjs; do not edit. */\n';
writeFileSync(headerPath, `${note}#pragma once

#include "base/text.h"

typedef enum { ${entries.map((e) => e.symbol).join(', ')}, ASSET_COUNT } Asset;

typedef struct {
  const char *path, *content_type, *etag;
  Text plain, gzip;
} WebAsset;

extern const WebAsset web_assets[ASSET_COUNT];
`);
writeFileSync(codePath, `${note}#include "${basename(headerPath)}"

${entries.map((e) => e.arrays).join('')}
const WebAsset web_assets[ASSET_COUNT] = {
${entries.map((e) => e.row).join('')}};
`);
writeFileSync(depfilePath, `${codePath} ${headerPath}: ${compiled.loadedUrls.map((url) => fileURLToPath(url)).join(' ')}\n`);
