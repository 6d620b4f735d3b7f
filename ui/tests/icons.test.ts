// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { everyIcon } from '../../icons/every';

const icons = join(import.meta.dirname, '../../icons');

it('every icon is what its source draws: else run `npm run icons`', async () => {
  const drawn = await everyIcon(icons);
  const stale = [...drawn].filter(([name, bytes]) => !readFileSync(join(icons, name)).equals(bytes)).map(([name]) => name);
  expect(stale).toEqual([]);
  const tray = [...drawn.keys()].filter((name) => name.startsWith('tray/')).map((name) => name.slice(5));
  expect(readdirSync(join(icons, 'tray')).sort()).toEqual(tray.sort());
}, 60_000);
