import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SCENES } from '../tests/scenes.ts';
import { problems, stage } from './stage.ts';

const [out, only = ''] = process.argv.slice(2);
if (out === undefined) {
  console.error('usage: npm run shots -- OUT_DIR [PART_OF_A_NAME]');
  process.exit(2);
}
const LOOKS = {
  light: { locale: 'en-GB', colorScheme: 'light' },
  dark: { locale: 'en-GB', colorScheme: 'dark' },
  'light-de': { locale: 'de-DE', colorScheme: 'light' },
} as const;

await mkdir(out, { recursive: true });
const { show, close } = await stage();
for (const scene of SCENES.filter((s) => s.name.includes(only))) {
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await show(scene, { ...options, deviceScaleFactor: 2 });
    await page.screenshot({ path: join(out, `${scene.name}-${look}.png`) });
    const hidden = await page.evaluate(() => {
      const box = document.querySelector('#content') ?? document.documentElement;
      return box.scrollHeight - box.clientHeight;
    });
    if (hidden > 0 && scene.view !== 'confirm') {
      await page.setViewportSize({ width: 900, height: 640 + hidden });
      await page.waitForTimeout(50);
      await page.screenshot({ path: join(out, `${scene.name}-${look}-whole.png`) });
    } else if (hidden > 0) problems.push(`${scene.name} (${look}): ${hidden} px do not fit the window`);
    await page.context().close();
  }
}
await close();
problems.forEach((problem) => console.error(problem));
process.exit(problems.length > 0 ? 1 : 0);
