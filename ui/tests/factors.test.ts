import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { Status } from '../src/lib/bindings/Status';
import { CHECKING, FACE, FRESH, STEP_UP, VERIFIED } from './fixtures';
import { open, refuse } from './shell';

const SEVERAL: Status = { ...STEP_UP, factors: ['password', 'totp', 'recovery-code', 'face'] };
const uri = 'otpauth://totp/StillYou:pat?secret=GEZDGNBVGY3TQOJQ&issuer=StillYou&algorithm=SHA1&digits=6&period=30';

it('asks for the first factor that answers, and for another one if somebody prefers that', async () => {
  const sent: Uint8Array[] = [];
  await open('confirm', SEVERAL, {
    verify: (bytes: unknown) => {
      sent.push((bytes as Uint8Array).slice());
      return { attempt: 'more', factors: 1 };
    },
  });
  expect(screen.getByLabelText('Your password for this computer')).toBeTruthy();
  await userEvent.click(screen.getByLabelText('One-time code'));
  const field = screen.getByLabelText<HTMLInputElement>('The code that your authenticator shows');
  await vi.waitFor(() => expect(field.readOnly).toBe(false));
  await userEvent.type(field, '123456{Enter}');
  await screen.findByText('Right. One more: confirm in another way as well.');
  await userEvent.click(screen.getByLabelText('Recovery code'));
  const codes = screen.getByLabelText<HTMLInputElement>('One of your recovery codes');
  await vi.waitFor(() => expect(codes.readOnly).toBe(false));
  await userEvent.type(codes, 'ABCD{Enter}');
  await vi.waitFor(() => expect(sent.map((bytes) => [bytes[0], new TextDecoder().decode(bytes.slice(1))])).toEqual([[2, '123456'], [3, 'ABCD']]));
});

it('goes on with what is left when one has answered', async () => {
  const { becomes } = await open('confirm', SEVERAL);
  await userEvent.click(screen.getByLabelText('One-time code'));
  await becomes({ ...SEVERAL, factors: ['password', 'face'] });
  expect(await screen.findByLabelText('Your password for this computer')).toBeTruthy();
  expect(screen.queryByLabelText('One-time code')).toBeNull();
});

it('says why a code did not count', async () => {
  const why = 'this code was used before; wait for the next one';
  await open('confirm', { ...STEP_UP, factors: ['totp'] }, { verify: { attempt: 'wrong', tries_left: 4, wait_seconds: 0, why } });
  await userEvent.type(screen.getByLabelText('The code that your authenticator shows'), '123456{Enter}');
  expect(await screen.findByText(`That did not count: ${why}`)).toBeTruthy();
});

it('leads through a live check by lines and words, and stops it', async () => {
  const settle: ((attempt: unknown) => void)[] = [];
  const { asked, becomes } = await open('confirm', { ...STEP_UP, factors: ['face'] }, {
    check_face: () => new Promise((done) => settle.push(done)),
  });
  await userEvent.click(screen.getByRole('button', { name: 'Check my face' }));
  await becomes(CHECKING);
  expect(await screen.findByText('Turn your head to your left')).toBeTruthy();
  const lines = FACE.camera.enrolment?.outline?.lines.length;
  expect(screen.getByRole('img', { name: 'Where your face is' }).querySelectorAll('path')).toHaveLength(lines ?? 0);
  expect(document.querySelector('img, video, canvas, image')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(asked('cancel_face')).toHaveLength(1);
  settle[0]?.({ attempt: 'wrong', tries_left: 3, wait_seconds: 0, why: 'it took too long' });
  expect(await screen.findByText('That did not count: it took too long')).toBeTruthy();
});

it('sets an authenticator up with its first code', async () => {
  const sent: string[] = [];
  const { answer } = await open('privacy', FRESH, {
    set_up_totp: { uri, code: ['10', '01'] },
    confirm_totp: (code: unknown) => {
      sent.push(new TextDecoder().decode(code as Uint8Array));
      return null;
    },
  });
  await userEvent.click(screen.getByRole('button', { name: 'Set up One-time code' }));
  expect(await screen.findByText('GEZD GNBV GY3T QOJQ')).toBeTruthy();
  expect(screen.getByRole('img', { name: 'The key as a QR code' })).toBeTruthy();
  const field = screen.getByLabelText('The code that it shows then');
  answer('confirm_totp', refuse('failed', 'this is not the code that the authenticator shows now'));
  await userEvent.type(field, '000000{Enter}');
  expect(await screen.findByText(/not the code that the authenticator shows/)).toBeTruthy();
  answer('confirm_totp', (code: unknown) => {
    sent.push(new TextDecoder().decode(code as Uint8Array));
    return null;
  });
  await userEvent.type(field, '123456{Enter}');
  await vi.waitFor(() => expect(screen.queryByText('GEZD GNBV GY3T QOJQ')).toBeNull());
  expect(sent).toEqual(['123456']);
});

it('shows recovery codes once, after proof', async () => {
  const { asked } = await open('privacy', VERIFIED, {
    verify: { attempt: 'verified' },
    make_recovery_codes: ['4T7Q-K0M2-XH9B-61RD', '0000-1111-2222-3333'],
  });
  expect(screen.getByText('9 left')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Set up anew Recovery code' }));
  expect(asked('make_recovery_codes')).toHaveLength(0);
  await userEvent.type(within(await screen.findByRole('dialog')).getByLabelText(/password/), 'right{Enter}');
  expect(await screen.findByText('4T7Q-K0M2-XH9B-61RD')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'I have kept them' }));
  expect(screen.queryByText('4T7Q-K0M2-XH9B-61RD')).toBeNull();
});

it('says what the organisation asks for', async () => {
  await open('privacy', { ...VERIFIED, own_factors: [{ factor: 'totp', set_up: false, left: null, needed: true }] });
  expect(screen.getByText('Your organisation asks for it: set it up')).toBeTruthy();
});

it('sends a pass-phrase unseen, by a tag of its own', async () => {
  const sent: Uint8Array[] = [];
  await open('confirm', { ...STEP_UP, factors: ['pass-phrase'] }, {
    verify: (bytes: unknown) => {
      sent.push((bytes as Uint8Array).slice());
      return { attempt: 'wrong', tries_left: 4, wait_seconds: 0, why: null };
    },
  });
  const field = screen.getByLabelText<HTMLInputElement>('Your pass-phrase');
  expect(field.type).toBe('password');
  await userEvent.type(field, 'six pears{Enter}');
  expect(await screen.findByText('That was not it. 4 tries left.')).toBeTruthy();
  expect(sent.map((bytes) => [bytes[0], new TextDecoder().decode(bytes.slice(1))])).toEqual([[5, 'six pears']]);
});

it('sets a pass-phrase up that was typed twice, and overwrites it', async () => {
  const sent: { text: string; bytes: Uint8Array }[] = [];
  const { asked } = await open('privacy', FRESH, {
    confirm_pass_phrase: (bytes: unknown) => {
      sent.push({ text: new TextDecoder().decode(bytes as Uint8Array), bytes: bytes as Uint8Array });
      return null;
    },
  });
  await userEvent.click(screen.getByRole('button', { name: 'Set up Pass-phrase' }));
  const first = await screen.findByLabelText(/^Your pass-phrase: 15 characters/);
  const again = screen.getByLabelText('The same again');
  await userEvent.type(first, 'six green pears sing');
  await userEvent.type(again, 'six green pears ring{Enter}');
  expect(await screen.findByText('The second one is another.')).toBeTruthy();
  expect(asked('confirm_pass_phrase')).toHaveLength(0);
  await userEvent.type(first, 'six green pears sing');
  await userEvent.type(again, 'six green pears sing{Enter}');
  await vi.waitFor(() => expect(screen.queryByLabelText('The same again')).toBeNull());
  expect(asked('set_up_pass_phrase')).toHaveLength(1);
  expect(sent.map(({ text }) => text)).toEqual(['six green pears sing']);
  expect(sent[0]?.bytes.every((byte) => byte === 0)).toBe(true);
});

it('asks a security key for a touch, and for its PIN where it wants one', async () => {
  const sent: number[][] = [];
  const settle: ((attempt: unknown) => void)[] = [];
  const { answer } = await open('confirm', { ...STEP_UP, factors: ['security-key'] }, {
    ask_key: refuse('failed', 'no security key is plugged in'),
    check_key: (bytes: unknown) => {
      sent.push([...(bytes as Uint8Array)]);
      return new Promise((done) => settle.push(done));
    },
  });
  const use = () => screen.getByRole('button', { name: 'Use my security key' });
  await userEvent.click(use());
  expect(await screen.findByText(/no security key is plugged in/)).toBeTruthy();
  answer('ask_key', true);
  await userEvent.click(use());
  await userEvent.type(await screen.findByLabelText('The PIN of your security key'), '1234{Enter}');
  expect(await screen.findByText('Touch your security key')).toBeTruthy();
  settle[0]?.({ attempt: 'wrong', tries_left: 3, wait_seconds: 0, why: 'the key was not touched' });
  expect(await screen.findByText('That did not count: the key was not touched')).toBeTruthy();
  answer('ask_key', false);
  await userEvent.click(use());
  expect(await screen.findByText('Touch your security key')).toBeTruthy();
  expect(screen.queryByLabelText('The PIN of your security key')).toBeNull();
  expect(sent).toEqual([[0, 49, 50, 51, 52], [0]]);
});

it('sets a security key up under a name, and takes one no longer', async () => {
  const sent: string[] = [];
  const { asked } = await open('privacy', FRESH, {
    set_up_key: false,
    add_key: (bytes: unknown) => {
      sent.push(new TextDecoder().decode(bytes as Uint8Array));
      return null;
    },
  });
  expect(screen.getAllByText(/^since /)).toHaveLength(2);
  await userEvent.click(screen.getByRole('button', { name: 'Add another Security key' }));
  await userEvent.type(await screen.findByLabelText('What you call it'), 'red');
  await userEvent.click(screen.getByRole('button', { name: 'Add the key that is plugged in' }));
  await vi.waitFor(() => expect(screen.queryByLabelText('What you call it')).toBeNull());
  expect(sent).toEqual(['\u0003red']);
  expect(asked('set_up_key')).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Remove blue' }));
  expect(asked('remove_key').map(({ args }) => args)).toEqual([{ name: 'blue' }]);
});
