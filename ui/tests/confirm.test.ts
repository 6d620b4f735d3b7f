import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../src/lib/bindings/Attempt';
import { HELP } from './case-fixtures';
import { GRANTED, LEARNING, LOCKED, LOCKING, STEP_UP, VERIFIED } from './fixtures';
import { open, refuse } from './shell';

const field = () => screen.getByLabelText<HTMLInputElement>('Your password for this computer');
const answered = (attempt: Attempt) => open('confirm', STEP_UP, { verify: attempt });

afterEach(() => vi.useRealTimers());

describe('the secret', () => {
  it('leaves the field at once, in one message of raw bytes, and is overwritten', async () => {
    const seen: { then: string; field: string; bytes: Uint8Array }[] = [];
    let settle = (_: Attempt) => {};
    await open('confirm', STEP_UP, {
      verify: (bytes: unknown) => {
        if (!ArrayBuffer.isView(bytes)) throw new Error('not raw bytes');
        seen.push({ then: new TextDecoder().decode(bytes), field: field().value, bytes: bytes as Uint8Array });
        return new Promise<Attempt>((done) => (settle = done));
      },
    });
    await userEvent.type(field(), 'pässwort{Enter}');
    expect(seen).toHaveLength(1);
    expect(seen[0]?.then).toBe('\u0001pässwort');
    expect(seen[0]?.field).toBe('');
    settle({ attempt: 'wrong', tries_left: 2, wait_seconds: 0, why: null });
    await screen.findByText('That was not it. 2 tries left.');
    expect(seen[0]?.bytes.every((byte) => byte === 0)).toBe(true);
    expect(seen[0]?.bytes).toHaveLength(10);
  });

  it('is overwritten when the agent is gone, too', async () => {
    let bytes = new Uint8Array([1]);
    await open('confirm', STEP_UP, {
      verify: (sent: unknown) => {
        bytes = sent as typeof bytes;
        return refuse('no-agent')();
      },
    });
    await userEvent.type(field(), 'secret{Enter}');
    expect(await screen.findByText(/does not answer/)).toBeTruthy();
    expect([...bytes]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(field().value).toBe('');
  });

  it('is not sent when it is empty', async () => {
    const { asked } = await open('confirm', STEP_UP);
    await userEvent.keyboard('{Enter}');
    expect(screen.getByText('Type something first.')).toBeTruthy();
    expect(asked('verify')).toHaveLength(0);
  });

  it('takes nothing that was being typed when the prompt came, until there is a pause', async () => {
    const { asked } = await open('confirm', STEP_UP, {}, true);
    expect(document.activeElement).toBe(field());
    await userEvent.keyboard('dear all{Enter}');
    expect(field().value).toBe('');
    await vi.waitFor(() => expect(field().readOnly).toBe(false));
    await userEvent.keyboard('secret');
    expect(field().value).toBe('secret');
    expect(asked('verify')).toHaveLength(0);
  });

  it('is not left in the field when the window goes', async () => {
    const { unmount } = await open('confirm', STEP_UP);
    const input = field();
    await userEvent.type(input, 'half');
    unmount();
    expect(input.value).toBe('');
  });
});

describe('answers', () => {
  it('wrong: says so to everybody, and the field has the focus again', async () => {
    await answered({ attempt: 'wrong', tries_left: 1, wait_seconds: 0, why: null });
    await userEvent.type(field(), 'x{Enter}');
    const said = await screen.findByText('That was not it. One try left.');
    expect(said.getAttribute('role')).toBe('alert');
    expect(field().getAttribute('aria-describedby')).toBe(said.id);
    expect(field().getAttribute('aria-invalid')).toBe('true');
    await vi.waitFor(() => expect(document.activeElement).toBe(field()));
  });

  it.each<[Attempt]>([
    [{ attempt: 'wait', seconds: 2 }],
    [{ attempt: 'wrong', tries_left: 0, wait_seconds: 2, why: null }],
  ])('wait: takes no more until it is over', async (attempt) => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const { asked } = await answered(attempt);
    await user.type(field(), 'x{Enter}');
    await screen.findByText('Too many wrong answers. Try again in 2 seconds.');
    await user.type(field(), 'y{Enter}');
    expect(asked('verify')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    await vi.advanceTimersByTimeAsync(1100);
    await user.type(field(), 'z{Enter}');
    expect(asked('verify')).toHaveLength(2);
  });

  it('disabled: takes no more at all', async () => {
    await answered({ attempt: 'disabled' });
    await userEvent.type(field(), 'x{Enter}');
    await screen.findByText(/after the next login/);
    expect(field().disabled).toBe(true);
  });

  it('unavailable: says why', async () => {
    await answered({ attempt: 'unavailable', why: 'PAM does not answer' });
    await userEvent.type(field(), 'x{Enter}');
    expect(await screen.findByText(/PAM does not answer/)).toBeTruthy();
  });

  it('right: thanks and closes', async () => {
    const { asked } = await answered({ attempt: 'verified' });
    await userEvent.type(field(), 'x{Enter}');
    expect(await screen.findByText('Thank you. Still you.')).toBeTruthy();
    await vi.waitFor(() => expect(asked('close_window')).toHaveLength(1), { timeout: 3000 });
  });
});

describe('the window', () => {
  it('has the focus in the field, the reason, and a timer', async () => {
    await open('confirm', STEP_UP);
    expect(document.activeElement).toBe(field());
    expect(screen.getByText('It didn’t look like you.')).toBeTruthy();
    expect(screen.getByRole('timer', { name: '24 seconds left' })).toBeTruthy();
  });

  it('counts down, and is spoken of only now and then', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await open('confirm', STEP_UP);
    const spoken = () => document.querySelector('.unseen[role=status]')?.textContent;
    expect(spoken()).toBe('24 seconds left');
    await vi.advanceTimersByTimeAsync(2000);
    expect(spoken()).toBe('24 seconds left');
    expect(screen.getByRole('timer').getAttribute('aria-label')).toMatch(/2[123] seconds left/);
    await vi.advanceTimersByTimeAsync(3000);
    expect(spoken()).toMatch(/(20|19) seconds left/);
  });

  it('works by keyboard alone', async () => {
    const { asked } = await open('confirm', STEP_UP);
    await userEvent.keyboard('x');
    await userEvent.tab();
    expect(document.activeElement?.textContent?.trim()).toBe('Confirm');
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    expect(asked('lock_now')).toHaveLength(1);
    await userEvent.tab();
    await userEvent.keyboard(' ');
    expect(asked('open_case')).toHaveLength(1);
    expect(await screen.findByText(HELP.case.code)).toBeTruthy();
  });

  it('can’t be left by Escape while a step-up is open, but otherwise', async () => {
    const { asked, becomes } = await open('confirm', STEP_UP);
    await userEvent.keyboard('{Escape}');
    expect(asked('close_window')).toHaveLength(0);
    await becomes({ ...VERIFIED, fresh_seconds: 60 });
    expect(await screen.findByText('Thank you. Still you.')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(asked('close_window')).toHaveLength(1);
  });

  it('thanks nobody when the question went away by itself', async () => {
    const { becomes } = await open('confirm', STEP_UP);
    await becomes(LEARNING);
    expect(await screen.findByText(/StillYou starts afresh/)).toBeTruthy();
    expect(screen.queryByText('Thank you. Still you.')).toBeNull();
  });

  it('takes nothing that was typed before it became urgent', async () => {
    const { becomes } = await open('confirm', VERIFIED);
    await userEvent.type(field(), 'half');
    await becomes(STEP_UP);
    await vi.waitFor(() => expect(field().value).toBe(''));
    expect(field().readOnly).toBe(true);
  });

  it('names what was chosen in the tray', async () => {
    await open('confirm', VERIFIED, {}, false, '&to=quit');
    expect(screen.getByText(/Then StillYou ends/)).toBeTruthy();
  });

  it('can be used without being asked', async () => {
    await open('confirm', VERIFIED);
    expect(screen.queryByRole('timer')).toBeNull();
    expect(screen.getByText(/StillYou starts afresh/)).toBeTruthy();
  });

  it('says when it is too late', async () => {
    const { becomes } = await open('confirm', LOCKING);
    expect(screen.getByText('Time is up. Locking…').getAttribute('role')).toBe('alert');
    // The right password still counts, above all where the session can't be locked.
    expect(field()).toBeTruthy();
    await becomes(LOCKED);
    expect(await screen.findByText('The session is locked.')).toBeTruthy();
  });

  it('says so when nothing could answer', async () => {
    await open('confirm', { ...STEP_UP, factors: [] });
    expect(screen.getByText(/Nothing is set up/).getAttribute('role')).toBe('alert');
    expect(screen.getByRole('button', { name: 'Lock now' })).toBeTruthy();
  });

  it('has no navigation', async () => {
    await open('confirm', STEP_UP);
    expect(screen.queryByRole('navigation')).toBeNull();
  });
});

describe('help', () => {
  const helped = async (more = {}) => {
    const page = await open('confirm', STEP_UP, more);
    await userEvent.click(screen.getByRole('button', { name: 'Get help' }));
    await screen.findByText(HELP.case.code);
    return page;
  };

  it('shows letters, code and text of the case, and the countdown goes on', async () => {
    const { asked } = await helped();
    expect(asked('open_case')[0]?.args).toEqual({ modality: null, cannotUse: false, unsuitable: false });
    expect(screen.getByRole('img', { name: `Code of case ${HELP.case.code}` })).toBeTruthy();
    expect(screen.getByLabelText<HTMLTextAreaElement>('Or send this text').value).toBe(HELP.case.request);
    expect(screen.getByRole('timer')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Answer after all' }));
    await vi.waitFor(() => expect(field()).toBeTruthy());
  });

  it('takes a grant, and thanks nobody for it', async () => {
    const { asked, becomes } = await helped();
    await userEvent.type(screen.getByLabelText('Grant, revocation or review'), ' a.b.c ');
    await userEvent.click(screen.getAllByRole('button', { name: 'Use it' })[0]!);
    expect(asked('enter_document')[0]?.args).toEqual({ text: 'a.b.c' });
    await becomes(GRANTED);
    expect(await screen.findByText('Go on. An approver vouches for you.')).toBeTruthy();
    expect(screen.queryByText('Thank you. Still you.')).toBeNull();
  });

  it('takes the digits of the telephone for this case alone', async () => {
    const { asked } = await helped({ enter_code: refuse('failed', 'the code is wrong') });
    await userEvent.click(screen.getByText('It was said on the telephone'));
    await userEvent.type(screen.getByLabelText('Who said it'), 'ada');
    await userEvent.type(screen.getByLabelText('The eight digits'), '1234 5678');
    await userEvent.click(screen.getAllByRole('button', { name: 'Use it' })[1]!);
    expect(asked('enter_code')[0]?.args).toEqual({ case: HELP.case.id, approver: 'ada', minutes: 30, said: '1234 5678' });
    expect(await screen.findByText(/the code is wrong/)).toBeTruthy();
  });

  it('says why there is none', async () => {
    await open('confirm', STEP_UP, { open_case: refuse('failed', 'too many cases were opened') });
    await userEvent.click(screen.getByRole('button', { name: 'Get help' }));
    expect(await screen.findByText(/too many cases/)).toBeTruthy();
    expect(field()).toBeTruthy();
  });
});
