import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { ENROLLING, FRESH, LEARNING, LOCKED, LOCKING, PAUSED, STEP_UP, TROUBLE, VERIFIED, WATCH } from './fixtures';
import { open, refuse } from './shell';

const big = () => screen.getByRole('heading', { level: 1 }).textContent;
const button = (name: string | RegExp) => screen.getByRole('button', { name });

describe('the state', () => {
  it.each([
    [VERIFIED, 'Still you.'],
    [WATCH, 'Looking closer.'],
    [STEP_UP, 'Is it still you?'],
    [LOCKING, 'Is it still you?'],
    [LOCKED, 'Locked.'],
    [LEARNING, 'Not learnt yet.'],
    [ENROLLING, 'Getting to know you.'],
    [PAUSED, 'Paused.'],
    [TROUBLE, 'Not fully protected.'],
    [null, 'Not watching.'],
  ])('is said in words', async (status, words) => {
    await open('now', status);
    expect(big()).toBe(words);
  });

  it('is never shown as verified while something that should protect can’t', async () => {
    await open('now', TROUBLE);
    expect(screen.queryByText('Still you.')).toBeNull();
    expect(screen.getByText('The session can’t be locked')).toBeTruthy();
    expect(screen.getByText(/Install xss-lock/)).toBeTruthy();
  });

  it('says what replaces a sensor that does not suit, after a proof', async () => {
    await open('now', FRESH);
    expect(screen.getByText('Replaced by: A code from your authenticator, until Mar 31, 2026')).toBeTruthy();
  });

  it('follows what the agent tells', async () => {
    const { becomes } = await open('now', VERIFIED);
    await becomes(STEP_UP);
    await vi.waitFor(() => expect(big()).toBe('Is it still you?'));
    await becomes(null);
    await vi.waitFor(() => expect(big()).toBe('Not watching.'));
  });

  it('says what a status command that fails means', async () => {
    await open('now', VERIFIED, { status: refuse('no-agent') });
    expect(big()).toBe('Not watching.');
  });

  it('counts down between two reports', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await open('now', STEP_UP);
    expect(screen.getByText(/within 24 seconds/)).toBeTruthy();
    await vi.advanceTimersByTimeAsync(4000);
    expect(screen.getByText(/within (21|20|19) seconds/)).toBeTruthy();
  });
});

describe('what can be done', () => {
  it('starts an agent that is not there', async () => {
    const { asked } = await open('now', null);
    await userEvent.click(button('Start it'));
    expect(asked('start_agent')).toHaveLength(1);
  });

  it('opens the window to confirm, and locks', async () => {
    const { asked } = await open('now', STEP_UP);
    await userEvent.click(button('Confirm now'));
    expect(asked('open_window')[0]?.args).toEqual({ view: 'confirm' });
    await userEvent.click(button('Lock now'));
    expect(asked('lock_now')).toHaveLength(1);
  });

  it('says why something was refused', async () => {
    await open('now', VERIFIED, { lock_now: refuse('failed', 'no locker answers') });
    await userEvent.click(button('Lock now'));
    expect((await screen.findByText(/no locker answers/)).closest('[role=alert]')).toBeTruthy();
  });

  it('pauses after the password, for as long as was chosen', async () => {
    const { asked } = await open('now', VERIFIED, { verify: { attempt: 'verified' } });
    await userEvent.click(button('Pause…'));
    await userEvent.selectOptions(screen.getByLabelText('Pause for'), '15 minutes');
    await userEvent.click(button('Pause'));
    expect(asked('pause')).toHaveLength(0);
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.type(dialog.getByLabelText('Your password for this computer'), 'right{Enter}');
    await vi.waitFor(() => expect(asked('pause')[0]?.args).toEqual({ minutes: 15 }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('offers no pause where policy allows none, nor more than it allows', async () => {
    const { becomes } = await open('now', { ...VERIFIED, may_pause_minutes: 0 });
    expect(screen.queryByRole('button', { name: 'Pause…' })).toBeNull();
    await becomes({ ...VERIFIED, may_pause_minutes: 10 });
    await userEvent.click(await screen.findByRole('button', { name: 'Pause…' }));
    expect(screen.getAllByRole('option').map((o) => o.textContent)).toEqual(['5 minutes', '10 minutes']);
  });

  it('forgets a request that was cancelled', async () => {
    const { asked } = await open('now', VERIFIED);
    await userEvent.click(button('Pause…'));
    await userEvent.click(button('Pause'));
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(asked('pause')).toHaveLength(0);
  });
});

describe('the reasons', () => {
  it('are not there before a step-up', async () => {
    const { asked } = await open('now', VERIFIED);
    expect(screen.queryByText(/Score/i, { selector: '.big' })).toBeNull();
    expect(asked('explain')).toHaveLength(0);
    await userEvent.click(button('Show score and reasons'));
    expect(screen.getByLabelText('Your password for this computer')).toBe(document.activeElement);
  });

  it('are in plain words with their weight, unknown ones as they are', async () => {
    const odd = { cause: 'something new', nats: 1 };
    await open('now', { ...FRESH, contributions: [...(FRESH.contributions ?? []), odd] });
    expect(screen.getByText('Score 99.8 of 100')).toBeTruthy();
    expect(screen.getByText('About 1 in 790 that somebody else is there')).toBeTruthy();
    // -6.675 less the contributions, 2.85 and the odd one's.
    expect(screen.getByText('It began at 1 in 130. Since then:')).toBeTruthy();
    const list = within(screen.getByRole('list', { name: 'Everything that counted, and its weight' }));
    const rows = list.getAllByRole('listitem').map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
    expect(rows[0]).toBe('The rhythm of letters of both hands in turn 11× likelier you');
    expect(rows[2]).toBe('Time without proof 2.1× likelier somebody else');
    expect(rows[5]).toBe('How long you hold other keys hardly moves it');
    expect(rows[6]).toBe('something new 2.7× likelier somebody else');
  });

  it('go when the agent takes them back', async () => {
    const { becomes } = await open('now', FRESH);
    await becomes(VERIFIED);
    await vi.waitFor(() => expect(screen.queryByText('Score 99.8 of 100')).toBeNull());
  });
});

describe('today', () => {
  it('is a sentence and a table for those who can’t see the strip', async () => {
    vi.setSystemTime(new Date('2026-03-12T15:42:00+01:00'));
    await open('now', VERIFIED);
    const strip = await screen.findByRole('img', { name: /^Today so far: Verified/ });
    expect(strip.getAttribute('aria-label')).toMatch(/Asked to confirm 1 min/);
    expect(within(screen.getByRole('table')).getAllByRole('row')).toHaveLength(12);
  });

  it('says so when there is nothing', async () => {
    await open('now', VERIFIED, { today: [] });
    expect(screen.getByText('Nothing recorded today yet.')).toBeTruthy();
  });
});

it('says that nothing watches whoever works without biometrics', async () => {
  await open('now', { ...VERIFIED, without_biometrics: { interval_minutes: 60, idle_minutes: 15 } });
  expect(screen.getByRole('heading', { name: 'Without biometrics' })).toBeTruthy();
  expect(screen.getByText(/proof every 60 minutes/)).toBeTruthy();
});
