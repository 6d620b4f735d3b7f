import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { icns, ico, type Png } from './containers.ts';

const PANELS = {
  'on-dark': { ink: '#f4f7f5', calm: '#63dcb8', attention: '#ffc857', alarm: '#ff9a82' },
  'on-light': { ink: '#1c2625', calm: '#0b7a63', attention: '#8f5a00', alarm: '#b3331b' },
};

/** What a state's shape is filled with beside ink. The shape alone must tell the states apart. */
const SIGNALS: Record<string, 'ink' | 'calm' | 'attention' | 'alarm'> = {
  verified: 'calm',
  watch: 'attention',
  'step-up': 'attention',
  learning: 'calm',
  paused: 'ink',
  camera: 'alarm',
  trouble: 'alarm',
  locked: 'ink',
  off: 'alarm',
};

const TRAY_PX = [16, 22, 32, 64];

/** Every raster icon as path below `icons/` and bytes, drawn from `icons/src`. The same bytes on every machine. */
export async function everyIcon(icons: string): Promise<Map<string, Uint8Array>> {
  const draw = await drawing();
  const out = new Map<string, Uint8Array>();

  for (const file of (await readdir(join(icons, 'src/state'))).sort()) {
    const state = file.replace('.svg', '');
    const source = await readFile(join(icons, 'src/state', file), 'utf8');
    const signal = SIGNALS[state];
    if (signal === undefined) throw new Error(`icons/src/state/${file}: no such state`);
    for (const [panel, colours] of Object.entries(PANELS)) {
      const svg = coloured(source, colours.ink, colours[signal]);
      for (const px of TRAY_PX) out.set(`tray/${state}-${panel}-${px}.png`, draw(svg, px));
    }
  }

  const large = await readFile(join(icons, 'src/app.svg'), 'utf8');
  const small = await readFile(join(icons, 'src/app-small.svg'), 'utf8');
  const app = (px: number): Png => ({ px, bytes: draw(px < 48 ? small : large, px) });
  out.set('32x32.png', app(32).bytes);
  out.set('128x128.png', app(128).bytes);
  out.set('128x128@2x.png', app(256).bytes);
  out.set('icon.png', app(512).bytes);
  out.set('icon.ico', ico([32, 16, 24, 48, 64, 256].map(app)));
  const chunks: [string, number][] = [
    ['icp4', 16], ['icp5', 32], ['ic11', 32], ['ic12', 64], ['ic07', 128],
    ['ic13', 256], ['ic08', 256], ['ic14', 512], ['ic09', 512], ['ic10', 1024],
  ];
  out.set('icon.icns', icns(chunks.map(([name, px]) => ({ name, bytes: app(px).bytes }))));
  return out;
}

/** Every state at every size on a dark and a light panel: for looking at. */
export async function contactSheet(icons: string): Promise<Uint8Array> {
  const draw = await drawing();
  const states = Object.keys(SIGNALS);
  const sizes = [16, 22, 32, 128];
  const cell = 148;
  const rows: string[] = [];
  let top = 0;
  for (const [panel, colours] of Object.entries(PANELS)) {
    const height = sizes.reduce((sum, px) => sum + px + 20, 20);
    rows.push(`<rect y="${top}" width="${cell * states.length}" height="${height}" fill="${panel === 'on-dark' ? '#1e1e1e' : '#ebebeb'}"/>`);
    let y = top + 20;
    for (const px of sizes) {
      for (const [column, state] of states.entries()) {
        const source = await readFile(join(icons, 'src/state', `${state}.svg`), 'utf8');
        const png = draw(coloured(source, colours.ink, colours[SIGNALS[state] ?? 'ink']), px);
        const data = Buffer.from(png).toString('base64');
        rows.push(`<image x="${column * cell + (cell - px) / 2}" y="${y}" width="${px}" height="${px}" href="data:image/png;base64,${data}"/>`);
      }
      y += px + 20;
    }
    top += height;
  }
  const width = cell * states.length;
  return draw(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}">${rows.join('')}</svg>`, width);
}

function coloured(svg: string, ink: string, signal: string): string {
  const style = `<style>.signal{fill:${signal}}.signal-line{stroke:${signal}}</style>`;
  return svg.replaceAll('currentColor', ink).replace('fill="none">', `fill="none">${style}`);
}

let ready: Promise<unknown> | undefined;

async function drawing(): Promise<(svg: string, px: number) => Uint8Array> {
  // The renderer is one of the front-end's tools; this folder has none of its own.
  const require = createRequire(new URL('../ui/package.json', import.meta.url));
  const { initWasm, Resvg } = require('@resvg/resvg-wasm') as typeof import('../ui/node_modules/@resvg/resvg-wasm');
  ready ??= readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')).then(initWasm);
  await ready;
  return (svg, px) => new Resvg(svg, { fitTo: { mode: 'width', value: px } }).render().asPng();
}
