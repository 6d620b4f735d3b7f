import type { PastDecision } from './bindings/PastDecision';

/** Decisions of one local day, newest first. */
export type DecisionsOfDay = { day: number; decisions: PastDecision[] };

/** Decisions by local day, newest day first. */
export function byDay(decisions: PastDecision[]): DecisionsOfDay[] {
  const days = new Map<number, PastDecision[]>();
  for (const decision of [...decisions].sort((a, b) => b.entry - a.entry)) {
    const day = new Date(decision.unix_ms).setHours(0, 0, 0, 0);
    days.set(day, [...(days.get(day) ?? []), decision]);
  }
  return [...days].map(([day, of]) => ({ day, decisions: of }));
}
