import type { Moment } from './bindings/Moment';
import type { MomentState } from './bindings/MomentState';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A stretch of the day in one state. */
export type Stretch = { state: MomentState; from: number; to: number };
/** A day as stretches, with the whole hours it is drawn between. */
export type Day = { stretches: Stretch[]; from: number; to: number; ticks: number[] };

/** Moments as stretches until `now`, of the last 24 hours at most; neighbours in the same state are one. */
export function dayOf(moments: Moment[], now: number): Day | null {
  const stretches: Stretch[] = [];
  moments.forEach(({ unix_ms, state }, i) => {
    const to = moments[i + 1]?.unix_ms ?? Math.max(now, unix_ms);
    if (to <= now - DAY_MS) return;
    const last = stretches.at(-1);
    if (last?.state === state) last.to = to;
    else stretches.push({ state, from: Math.max(unix_ms, now - DAY_MS), to });
  });
  const first = stretches[0];
  if (first === undefined) return null;
  const from = wholeHour(first.from);
  const to = Math.max(wholeHour(now) + HOUR_MS, from + 2 * HOUR_MS);
  return { stretches, from, to, ticks: ticks(from, to) };
}

/** Time in each state, longest first. */
export function totals(stretches: Stretch[]): { state: MomentState; ms: number }[] {
  const sums = new Map<MomentState, number>();
  for (const { state, from, to } of stretches) sums.set(state, (sums.get(state) ?? 0) + to - from);
  return [...sums].map(([state, ms]) => ({ state, ms })).sort((a, b) => b.ms - a.ms);
}

function wholeHour(unixMs: number): number {
  return new Date(unixMs).setMinutes(0, 0, 0);
}

function ticks(from: number, to: number): number[] {
  const hours = (to - from) / HOUR_MS;
  const step = [1, 2, 3, 4, 6].find((s) => hours / s <= 7) ?? 6;
  return Array.from({ length: Math.floor(hours / step) + 1 }, (_, i) => from + i * step * HOUR_MS);
}
