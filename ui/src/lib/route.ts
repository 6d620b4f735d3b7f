import type { View } from './bindings/View';

const VIEWS: View[] = ['now', 'start', 'confirm', 'history', 'privacy', 'policy'];

/** The view that the address names; Now for any other. */
export function viewOf(search: string): View {
  const named = new URLSearchParams(search).get('view');
  return VIEWS.find((view) => view === named) ?? 'now';
}
