import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everyIcon } from './every.ts';

const here = dirname(fileURLToPath(import.meta.url));

for (const [name, bytes] of await everyIcon(here)) {
  const path = join(here, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
console.log(`${(await readdir(join(here, 'tray'))).length} tray icons and the app's set are in icons/`);
