import { expect, it } from 'vitest';
import { dayOf, totals } from '../src/lib/timeline';

const at = (hour: number, day = 12) => new Date(2026, 2, day, hour).getTime();

it('joins neighbours and goes on until now', () => {
  const day = dayOf([
    { unix_ms: at(8), state: 'watch' },
    { unix_ms: at(9), state: 'verified' },
    { unix_ms: at(10), state: 'verified' },
  ], at(12));
  expect(day?.stretches).toEqual([
    { state: 'watch', from: at(8), to: at(9) },
    { state: 'verified', from: at(9), to: at(12) },
  ]);
  expect(totals(day?.stretches ?? []).map(({ state }) => state)).toEqual(['verified', 'watch']);
  expect(day?.ticks).toEqual([8, 9, 10, 11, 12, 13].map((hour) => at(hour)));
});

it('shows no more than the last day, however old the last moment', () => {
  const day = dayOf([{ unix_ms: at(8, 1), state: 'locked' }, { unix_ms: at(9, 1), state: 'learning' }], at(12));
  expect(day?.stretches).toEqual([{ state: 'learning', from: at(12, 11), to: at(12) }]);
  expect(day?.ticks.length).toBeLessThan(9);
});

it('is nothing without moments', () => {
  expect(dayOf([], at(12))).toBeNull();
});
