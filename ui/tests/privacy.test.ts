import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { PadState } from '../src/lib/bindings/PadState';
import { FRESH, VERIFIED } from './fixtures';
import { open } from './shell';

const password = async () =>
  userEvent.type(within(await screen.findByRole('dialog')).getByLabelText(/password/), 'right{Enter}');

it('turns a sensor off after the password, and on without', async () => {
  const { asked, becomes } = await open('privacy', VERIFIED, { verify: { attempt: 'verified' } });
  const typing = screen.getByRole('switch', { name: 'Typing' });
  expect(typing.getAttribute('aria-checked')).toBe('true');
  await userEvent.click(typing);
  expect(asked('set_sensor')).toHaveLength(0);
  await password();
  await vi.waitFor(() => expect(asked('set_sensor')[0]?.args).toEqual({ modality: 'keystroke', on: false }));
  await becomes({ ...VERIFIED, sensors: [{ modality: 'keystroke', state: 'off', may_turn_off: true }] });
  await vi.waitFor(() => expect(typing.getAttribute('aria-checked')).toBe('false'));
  await userEvent.click(typing);
  expect(asked('set_sensor')[1]?.args).toEqual({ modality: 'keystroke', on: true });
});

it('turns the camera on only after the password', async () => {
  const { asked } = await open('privacy', VERIFIED, { verify: { attempt: 'verified' } });
  const camera = screen.getByRole('switch', { name: 'Camera' });
  expect(camera.getAttribute('aria-checked')).toBe('false');
  await userEvent.click(camera);
  expect(asked('set_sensor')).toHaveLength(0);
  await password();
  await vi.waitFor(() => expect(asked('set_sensor')[0]?.args).toEqual({ modality: 'face', on: true }));
});

it('says when the camera has no liveness weights, or bad ones, and nothing when it has', async () => {
  const withPad = (pad: PadState | null) => ({ ...VERIFIED, camera: { ...VERIFIED.camera, pad } });
  const { becomes } = await open('privacy', withPad({ pad: 'missing' }));
  expect(screen.getByText(/Without liveness weights/)).toBeTruthy();
  await becomes(withPad({ pad: 'refused', why: 'weights.bpk was changed' }));
  expect(screen.getByText(/can’t be used, so your face counts for less: weights.bpk was changed/)).toBeTruthy();
  for (const pad of [{ pad: 'ready' } as const, null]) {
    await becomes(withPad(pad));
    expect(screen.queryByText(/liveness weights/i)).toBeNull();
  }
});

it('leaves alone what the organisation keeps on, and what is not there', async () => {
  await open('privacy', { ...VERIFIED, sensors: VERIFIED.sensors.map((s) => ({ ...s, may_turn_off: false, ...(s.modality === 'face' ? { state: 'not-there' as const } : {}) })) });
  const switches = screen.getAllByRole<HTMLButtonElement>('switch');
  expect(switches.map((s) => s.disabled)).toEqual([true, true]);
  expect(screen.getAllByText(/Your organisation keeps this on/)).toHaveLength(2);
});

it('says what is stored where, both templates in the same place', async () => {
  await open('privacy', VERIFIED);
  expect(await screen.findByText(/keystroke, 2140 keystrokes/)).toBeTruthy();
  expect(screen.getByText(/pointer, 212 strokes/)).toBeTruthy();
  expect(screen.getAllByText('keychain of this login')).toHaveLength(3);
  expect(screen.getByText('1.5 MB')).toBeTruthy();
});

it('exports and says where to', async () => {
  await open('privacy', FRESH);
  await userEvent.click(screen.getByRole('button', { name: 'Export' }));
  expect(await screen.findByText(/stillyou-2026-03-12.jsonl/)).toBeTruthy();
});

it('erases only after the word and the password, and shows the proof', async () => {
  const { asked } = await open('privacy', VERIFIED, { verify: { attempt: 'verified' } });
  const erase = screen.getByRole<HTMLButtonElement>('button', { name: 'Erase everything' });
  expect(erase.disabled).toBe(true);
  await userEvent.type(screen.getByLabelText('Type “erase” to go on'), 'eras{Enter}');
  expect(screen.queryByRole('dialog')).toBeNull();
  await userEvent.keyboard('e{Enter}');
  expect(asked('erase')).toHaveLength(0);
  await password();
  expect(await screen.findByText('Erased. Nothing is left.')).toBeTruthy();
  expect(screen.getByText(/9 places were looked at again/)).toBeTruthy();
  expect(screen.getByText('keystroke/2/1')).toBeTruthy();
  await vi.waitFor(() => expect(asked('stored')).toHaveLength(2));
});

it('withdraws consent after the password, and says how it goes on', async () => {
  const { asked, becomes } = await open('privacy', VERIFIED, { verify: { attempt: 'verified' } });
  await userEvent.click(screen.getByRole('button', { name: 'Withdraw consent' }));
  expect(asked('withdraw_consent')).toHaveLength(0);
  await password();
  await vi.waitFor(() => expect(asked('withdraw_consent')).toHaveLength(1));
  await becomes({ ...VERIFIED, consent: false, without_biometrics: { interval_minutes: 60, idle_minutes: 15 } });
  expect(await screen.findByText(/every 60 minutes, and after 15 minutes without input/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Withdraw consent' })).toBeNull();
});

it('says nothing of consent before anybody was asked', async () => {
  await open('privacy', { ...VERIFIED, consent: null });
  expect(screen.queryByText('Working without biometrics')).toBeNull();
});
