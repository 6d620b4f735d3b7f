import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contactSheet } from './every.ts';

const out = process.argv[2];
if (out === undefined) {
  console.error('usage: npm run icons:sheet -- FILE.png');
  process.exit(2);
}
await writeFile(out, await contactSheet(dirname(fileURLToPath(import.meta.url))));
console.log(out);
