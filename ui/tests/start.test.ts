import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ENROLLING, LEARNING, VERIFIED } from './fixtures';
import { open, refuse } from './shell';

it('explains before it starts, and starts after the password', async () => {
  const { asked } = await open('start', LEARNING, { verify: { attempt: 'verified' } });
  expect(screen.getByText('What it looks at')).toBeTruthy();
  expect(screen.getByText('What it never keeps')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Start learning' }));
  expect(asked('enroll')).toHaveLength(0);
  await userEvent.type(within(screen.getByRole('dialog')).getByLabelText(/password/), 'right{Enter}');
  await vi.waitFor(() => expect(asked('enroll')).toHaveLength(1));
});

it('shows progress as it goes on', async () => {
  const { becomes } = await open('start', ENROLLING);
  expect(screen.getByText('1,284 of 2,000 keystrokes')).toBeTruthy();
  expect(screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Learnt so far' }).value).toBe(1284);
  await becomes({ ...ENROLLING, enrolment: { keystrokes: 1300, needed: 2000 } });
  expect(await screen.findByText('1,300 of 2,000 keystrokes')).toBeTruthy();
});

it('says why it did not work out yet', async () => {
  await open('start', { ...ENROLLING, enrolment_problem: 'too few letters' });
  expect(screen.getByText('It did not work out yet: too few letters')).toBeTruthy();
});

it('gives a text to type, or lets the person work', async () => {
  const { asked } = await open('start', ENROLLING);
  const box = screen.getByLabelText<HTMLTextAreaElement>(/^Type here/);
  await userEvent.type(box, 'The harbour');
  await userEvent.click(screen.getByRole('button', { name: 'Another text' }));
  expect(box.value).toBe('');
  expect(screen.getByText(/We moved the piano/)).toBeTruthy();
  await userEvent.click(screen.getByRole('radio', { name: 'Just work' }));
  expect(screen.queryByLabelText(/^Type here/)).toBeNull();
  expect(asked('verify')).toHaveLength(0);
});

it('stops only after a step-up, and asks again when the agent wants a fresher one', async () => {
  let tries = 0;
  const { asked } = await open('start', { ...ENROLLING, fresh_seconds: 1 }, {
    cancel_enrolment: () => (tries++ === 0 ? refuse('needs-step-up')() : null),
    verify: { attempt: 'verified' },
  });
  await userEvent.click(screen.getByRole('button', { name: 'Stop learning' }));
  await userEvent.type(within(await screen.findByRole('dialog')).getByLabelText(/password/), 'right{Enter}');
  await vi.waitFor(() => expect(asked('cancel_enrolment')).toHaveLength(2));
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

const enrolled = { ...VERIFIED.enrolled!, step_ups_per_8h: 0.31, step_ups_per_8h_bound: 1.4 };
it.each([
  [enrolled, 'About one needless question in 3 days of 8 hours’ typing.', 'With 95 % certainty not more than 1.4 in 8 hours.'],
  [{ ...enrolled, step_ups_per_8h: 2.44 }, 'About 2.4 needless questions in 8 hours of typing.', /1.4/],
  [{ ...enrolled, step_ups_per_8h: 1, step_ups_per_8h_bound: 1 }, 'About one needless question in 8 hours of typing.', /not more than one/],
  [{ ...enrolled, step_ups_per_8h: 0 }, 'No needless question was seen while learning.', /1.4/],
])('says at the end what to expect', async (enrolled, expected, bound) => {
  await open('start', { ...VERIFIED, enrolled });
  expect(screen.getByText(expected)).toBeTruthy();
  expect(screen.getByText(bound)).toBeTruthy();
});
