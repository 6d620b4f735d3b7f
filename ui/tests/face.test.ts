import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { FACE, VERIFIED } from './fixtures';
import { open } from './shell';

it('learns a face after the password', async () => {
  const { asked } = await open('start', VERIFIED, { verify: { attempt: 'verified' } });
  await userEvent.click(screen.getByRole('button', { name: 'Learn my face' }));
  expect(asked('enroll_face')).toHaveLength(0);
  await userEvent.type(within(await screen.findByRole('dialog')).getByLabelText(/password/), 'right{Enter}');
  await vi.waitFor(() => expect(asked('enroll_face')).toHaveLength(1));
});

it('says what to do next, shows lines and no picture, and stops without asking', async () => {
  const { asked, becomes } = await open('start', FACE);
  expect(screen.getByText('Turn your head a little to your right')).toBeTruthy();
  expect(screen.getByText('2 of 7 pictures')).toBeTruthy();
  const outline = screen.getByRole('img', { name: 'Where your face is' });
  expect(outline.querySelectorAll('path')).toHaveLength(5);
  expect(document.querySelector('img, video, canvas, image')).toBeNull();
  await becomes({ ...FACE, camera: { ...FACE.camera, enrolment: { ...FACE.camera.enrolment!, hint: { hint: 'more-light' } } } });
  expect(await screen.findByText('More light on your face, please')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(asked('cancel_face')).toHaveLength(1);
});

it('says what came of it', async () => {
  await open('start', { ...VERIFIED, camera: { ...VERIFIED.camera, images: 7 } });
  expect(screen.getByText('Known from 7 pictures.')).toBeTruthy();
});

it('says why it did not work out', async () => {
  await open('start', { ...VERIFIED, camera: { ...VERIFIED.camera, problem: 'another program uses the camera' } });
  expect(screen.getByText('It did not work out: another program uses the camera')).toBeTruthy();
});

it('says why the last look saw nothing', async () => {
  await open('start', { ...VERIFIED, camera: { ...VERIFIED.camera, images: 7, unseen: 'another program uses the camera' } });
  expect(screen.getByText('The last look saw nothing: another program uses the camera')).toBeTruthy();
});

it('is not offered where policy lets no camera be used', async () => {
  await open('start', { ...VERIFIED, camera: { ...VERIFIED.camera, mode: 'off' } });
  expect(screen.queryByText('Your face')).toBeNull();
});
