import { parse, Visitor, type Entry, type VariableReference } from '@fluent/syntax';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

/** Ids with the arguments each takes, and what could not be parsed. */
function messages(text: string) {
  const ids = new Map<string, string[]>();
  const broken: string[] = [];
  for (const entry of parse(text, {}).body as Entry[]) {
    if (entry.type === 'Junk') broken.push((entry as unknown as { content: string }).content);
    if (entry.type !== 'Message') continue;
    const args = new Set<string>();
    const visitor = new (class extends Visitor {
      visitVariableReference(node: VariableReference) {
        args.add(node.id.name);
      }
    })();
    visitor.visit(entry);
    ids.set((entry as unknown as { id: { name: string } }).id.name, [...args].sort());
  }
  return { ids, broken };
}

const en = messages(read('../locales/en.ftl'));
const de = messages(read('../locales/de.ftl'));
const sources = readdirSync(join(import.meta.dirname, '../src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(svelte|ts)$/.test(name))
  .map((name) => read(`src/${name}`))
  .join('\n');

it('parses', () => {
  expect(en.broken).toEqual([]);
  expect(de.broken).toEqual([]);
});

it('says the same things in both languages, with the same arguments', () => {
  expect([...de.ids]).toEqual([...en.ids]);
});

it('has no string that nothing shows', () => {
  const ours = [...en.ids.keys()].filter((id) => !/^(tray|notice)-/.test(id));
  expect(ours.filter((id) => !sources.includes(`'${id}'`))).toEqual([]);
});

it('has every string that is asked for', () => {
  const asked = [...sources.matchAll(/\bt\(\s*'([\w-]+)'/g)].map((m) => m[1] ?? '');
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter((id) => !en.ids.has(id))).toEqual([]);
});
