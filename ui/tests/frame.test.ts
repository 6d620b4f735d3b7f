import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { viewOf } from '../src/lib/route';
import { VERIFIED } from './fixtures';
import { open } from './shell';

it('goes through the views by keyboard, and the address and title follow', async () => {
  await open('now', VERIFIED);
  await userEvent.tab();
  expect(document.activeElement?.textContent).toBe('Skip to content');
  await userEvent.tab();
  expect(document.activeElement?.getAttribute('aria-current')).toBe('page');
  for (let i = 0; i < 3; i++) await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Privacy');
  expect(location.search).toBe('?view=privacy');
  expect(document.title).toBe('Privacy · StillYou');
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
});

it('shows Now for an address that names no view', () => {
  expect(viewOf('')).toBe('now');
  expect(viewOf('?view=score')).toBe('now');
  expect(viewOf('?view=policy')).toBe('policy');
});
