import { emit } from '@tauri-apps/api/event';
import { mockIPC } from '@tauri-apps/api/mocks';
import { render } from '@testing-library/svelte';
import { vi } from 'vitest';
import App from '../src/App.svelte';
import type { Refusal } from '../src/lib/bindings/Refusal';
import type { Status } from '../src/lib/bindings/Status';
import type { View } from '../src/lib/bindings/View';
import { answers, type Answers } from './fixtures';

export type Call = { command: string; args: unknown };

/** An answer that is worked out when asked; throwing refuses. */
export type Worked = (args: unknown) => unknown;

export const refuse = (kind: Refusal['kind'], why = '') => () => {
  throw { kind, why } satisfies Refusal;
};

/** The app on a view, with fixtures in place of its Rust side, and what it asked of it. */
export async function open(view: View, status: Status | null, more: Answers = {}, atOnce = false, query = '') {
  const calls: Call[] = [];
  const given = answers(status, more);
  mockIPC(
    (command, args) => {
      calls.push({ command, args });
      const answer = given[command];
      return typeof answer === 'function' ? (answer as Worked)(args) : (answer ?? null);
    },
    { shouldMockEvents: true },
  );
  history.replaceState(null, '', `?view=${view}${query}`);
  const page = render(App);
  await vi.waitFor(() => {
    if (document.querySelector('h1') === null) throw new Error('nothing is shown yet');
  });
  if (!atOnce) {
    await vi.waitFor(() => {
      if (document.querySelector('input[readonly]') !== null) throw new Error('it still waits for a pause');
    });
  }
  return {
    ...page,
    asked: (command: string) => calls.filter((c) => c.command === command),
    becomes: (next: Status | null) => emit('status', next),
    answer: (command: string, next: unknown) => (given[command] = next),
  };
}
