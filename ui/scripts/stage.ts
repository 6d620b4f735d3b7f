import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { NOW } from '../tests/fixture-time.ts';
import type { Scene } from '../tests/scenes.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const CSP = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:";

/** The built app behind the policy it ships with, in Chromium, with recorded answers in place of the Rust side. */
export async function stage(): Promise<{ show: (scene: Scene, options: BrowserContextOptions) => Promise<Page>; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(DIST, normalize(pathname === '/' ? '/index.html' : pathname));
    const body = await readFile(file).catch(() => null);
    response.writeHead(body !== null ? 200 : pathname === '/favicon.ico' ? 204 : 404, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
    response.end(body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });

  async function show(scene: Scene, options: BrowserContextOptions): Promise<Page> {
    const page = await newPage(browser, scene, options);
    await page.goto(`http://127.0.0.1:${port}/?view=${scene.view}`);
    await page.waitForFunction(() => document.querySelector('h1') !== null);
    await page.evaluate(() => document.fonts.ready);
    await scene.act?.(page);
    await page.waitForTimeout(scene.view === 'history' ? 300 : 60);
    return page;
  }

  return {
    show,
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

async function newPage(browser: Browser, scene: Scene, options: BrowserContextOptions): Promise<Page> {
  const size = scene.view === 'confirm' ? { width: 460, height: 500 } : { width: 900, height: 640 };
  const context = await browser.newContext({
    viewport: size, timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ...options,
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`${scene.name}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${scene.name}: ${error.message}`));
  await page.clock.setFixedTime(NOW);
  await page.addInitScript((answers) => {
    let last = 0;
    const internals = {
      transformCallback: () => ++last,
      unregisterCallback: () => {},
      invoke: async (command: string) => {
        if (command.startsWith('plugin:event|')) return ++last;
        const answer = answers[command];
        if (answer === 'never') return new Promise(() => {});
        if (typeof answer === 'object' && answer !== null && 'refused' in answer) throw answer.refused;
        return answer ?? null;
      },
    };
    Object.assign(window, {
      __TAURI_INTERNALS__: internals,
      __TAURI_EVENT_PLUGIN_INTERNALS__: { unregisterListener: () => {} },
    });
  }, scene.answers);
  return page;
}

/** What the browser complained about, a refusal by the content security policy above all. */
export const problems: string[] = [];
