import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { POLICY, VERIFIED } from './fixtures';
import { open } from './shell';

const names = () => screen.queryAllByRole('heading', { level: 3 }).map((h) => h.textContent);

it('shows every rule, and what differs from its default', async () => {
  await open('policy', VERIFIED);
  await screen.findByText('8 rules');
  expect(names()).toHaveLength(8);
  expect(screen.getAllByText('Differs')).toHaveLength(2);
  expect(screen.getByText('Default: 30')).toBeTruthy();
  expect(screen.getAllByText('Set by /etc/stillyou/policy.toml')).toHaveLength(2);
});

it('can be searched, and narrowed to what differs', async () => {
  await open('policy', VERIFIED);
  await screen.findByText('8 rules');
  await userEvent.type(screen.getByLabelText('Search the policy'), 'odds lock');
  expect(names()).toEqual(['score.lock_odds']);
  expect(screen.getByText('One rule')).toBeTruthy();
  await userEvent.clear(screen.getByLabelText('Search the policy'));
  await userEvent.click(screen.getByLabelText('Only what differs from the default'));
  expect(names()).toEqual(['step_up.grace_seconds', 'step_up.after_unlock']);
  await userEvent.type(screen.getByLabelText('Search the policy'), 'nowhere');
  expect(screen.getByText('Nothing found')).toBeTruthy();
});

it('can be read without an agent and has nothing to change it with', async () => {
  await open('policy', null, { policy: { ...POLICY, files: [] } });
  expect(await screen.findByText(/these are the defaults/)).toBeTruthy();
  const inputs = [...document.querySelectorAll('main input, main button, main select')].map((i) => i.getAttribute('type'));
  expect(inputs).toEqual(['search', 'checkbox']);
});
