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
  'en-GB': { light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, contrast: { forcedColors: 'active' } },
  'de-DE': { german: { colorScheme: 'light' } },
} as const;

await mkdir(out, { recursive: true });
const { show, close } = await stage();
for (const scene of SCENES.filter((s) => s.name.includes(only))) {
  for (const [locale, looks] of Object.entries(LOOKS)) {
    const page = await show(scene, { locale, deviceScaleFactor: 2 });
    const size = page.viewportSize() ?? { width: 0, height: 0 };
    for (const [look, media] of Object.entries(looks)) {
      await page.emulateMedia({ forcedColors: 'none', ...media });
      await page.waitForTimeout(80);
      await page.screenshot({ path: join(out, `${scene.name}-${look}.png`) });
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      if (height <= size.height) continue;
      if (scene.view === 'confirm') problems.push(`${scene.name} (${look}): ${height} px don't fit the window`);
      await page.setViewportSize({ ...size, height });
      await page.waitForTimeout(80);
      await page.screenshot({ path: join(out, `${scene.name}-${look}-whole.png`) });
      await page.setViewportSize(size);
    }
    await page.context().close();
  }
}
await close();
problems.forEach((problem) => console.error(problem));
process.exit(problems.length > 0 ? 1 : 0);
