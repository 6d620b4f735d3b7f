import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { SCENES } from '../tests/scenes.ts';
import { problems, stage } from './stage.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'high contrast': { colorScheme: 'dark', forcedColors: 'active' },
  'more contrast': { colorScheme: 'light', contrast: 'more' },
} as const;

const { show, close } = await stage();
let checked = 0;
for (const scene of SCENES) {
  // The page's own policy would keep axe out; the policy itself is checked by the screenshots.
  const page = await show(scene, { locale: 'en-GB', bypassCSP: true });
  await page.evaluate(axe);
  for (const [look, media] of Object.entries(LOOKS)) {
    await page.emulateMedia({ forcedColors: 'none', contrast: 'no-preference', ...media });
    const { violations } = await page.evaluate(() => (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }));
    for (const { id, help, nodes } of violations) {
      problems.push(`${scene.name} (${look}): ${id}: ${help}\n  ${nodes.map((n) => `${n.html}: ${n.failureSummary}`).join('\n  ')}`);
    }
    checked += 1;
  }
  await page.context().close();
}
await close();
problems.forEach((problem) => console.error(problem));
console.log(`${checked} pages checked, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
