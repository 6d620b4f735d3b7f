import type { View } from './bindings/View';

const VIEWS: View[] = ['now', 'start', 'confirm', 'history', 'privacy', 'policy', 'cases', 'approvals'];

/** What the proof that is asked for is for, where the address names it. */
export function purposeOf(search: string): 'pause' | 'quit' | null {
  const named = new URLSearchParams(search).get('to');
  return named === 'pause' || named === 'quit' ? named : null;
}

/** The view that the address names; Now for any other. */
export function viewOf(search: string): View {
  const named = new URLSearchParams(search).get('view');
  return VIEWS.find((view) => view === named) ?? 'now';
}
