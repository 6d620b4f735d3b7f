import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { EXPLAINED, EXPLAINED_FACE, FRESH, VERIFIED } from './fixtures';
import { open, refuse } from './shell';

// A chart is drawn on a canvas, which jsdom has none of; the screenshots show it.
vi.mock('../src/lib/chart', () => ({ scoreChart: () => () => {} }));

it('asks for nothing before a step-up, and has the field in place', async () => {
  const { asked, becomes, answer } = await open('history', VERIFIED);
  expect(screen.getByText('Confirm it’s you to see this')).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText(/password/));
  expect(asked('decisions')).toHaveLength(0);
  answer('verify', { attempt: 'verified' });
  await userEvent.keyboard('right{Enter}');
  await becomes(FRESH);
  expect(await screen.findByText('Locked: nobody answered in time')).toBeTruthy();
});

it('takes everything off the page when the step-up is no longer fresh', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await open('history', { ...FRESH, fresh_seconds: 3 });
  expect(await screen.findByText('Looked closer', { selector: 'section:nth-of-type(2) *' })).toBeTruthy();
  await vi.advanceTimersByTimeAsync(3600);
  expect(screen.queryByText('Looked closer')).toBeNull();
  expect(screen.getByText('Confirm it’s you to see this')).toBeTruthy();
});

it('shows decisions by day, the newest first, and their reasons', async () => {
  const { asked } = await open('history', FRESH);
  const days = (await screen.findAllByRole('heading', { level: 2 })).map((h) => h.textContent);
  expect(days.filter((d) => d?.includes('March'))).toEqual(['Thursday, March 12', 'Wednesday, March 11']);
  const first = screen.getByRole('button', { name: /Asked you: it had been a while/ });
  await userEvent.click(first);
  expect(first.getAttribute('aria-expanded')).toBe('true');
  expect(asked('explain')[0]?.args).toEqual({ entry: 260 });
  expect(await screen.findByText(/it gives the same score/)).toBeTruthy();
  expect(screen.getByText('280× likelier somebody else')).toBeTruthy();
});

it('says when the record does not give the reasons', async () => {
  await open('history', FRESH, { explain: { ...EXPLAINED, recomputes: false } });
  await userEvent.click(await screen.findByRole('button', { name: /it had been a while/ }));
  expect(await screen.findByText(/The entry can’t be trusted/)).toBeTruthy();
});

it('says which part of the face spoke against the person, and draws numbers', async () => {
  await open('history', FRESH, { explain: EXPLAINED_FACE });
  await userEvent.click(await screen.findByRole('button', { name: /it had been a while/ }));
  expect(await screen.findByText('The last look compared 3 of 14 pictures, with a quality of 72 %.')).toBeTruthy();
  const map = await screen.findByRole('img', { name: /Parts of the face.*Mostly the eyes and brows spoke against you/ });
  const rects = [...map.querySelectorAll('rect')];
  expect(rects.length).toBeGreaterThan(100);
  const rows = new Set(rects.filter((r) => r.classList.contains('against')).map((r) => Math.floor(Number(r.getAttribute('y')) / 10)));
  expect([...rows].sort()).toEqual([1, 2, 3, 4, 5]);
});

it('says so when no part of the face speaks against the person', async () => {
  const face = { rows: [[0.5]], parts: [{ cause: 'eyes and brows', nats: -0.5 }] };
  await open('history', FRESH, { explain: { ...EXPLAINED, face } });
  await userEvent.click(await screen.findByRole('button', { name: /it had been a while/ }));
  expect(await screen.findByText('No part of the face by itself spoke against you.')).toBeTruthy();
});

it('checks the record', async () => {
  await open('history', FRESH);
  await userEvent.click(await screen.findByRole('button', { name: 'Check the record' }));
  expect(await screen.findByText('1,284 entries, unbroken.')).toBeTruthy();
});

it('says what is wrong with the record', async () => {
  await open('history', FRESH, { verify_ledger: refuse('failed', 'entry 7 does not follow from entry 6') });
  await userEvent.click(await screen.findByRole('button', { name: 'Check the record' }));
  expect(await screen.findByText(/entry 7 does not follow/)).toBeTruthy();
});

it('can try again', async () => {
  const { answer } = await open('history', FRESH, { decisions: refuse('failed', 'disk') });
  const again = await screen.findByRole('button', { name: 'Try again' });
  answer('decisions', []);
  await userEvent.click(again);
  expect(await screen.findByText('Nothing has been decided yet.')).toBeTruthy();
});
