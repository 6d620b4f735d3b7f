import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { CASE, CASES, FIGURES, FRESH, GLASS, GRANTED, REQUEST, SCANNING, SIGNED, VERIFIED } from './fixtures';
import { open, refuse } from './shell';

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

describe('a grant in force', () => {
  it('is said, with its end and what it asks for', async () => {
    await open('now', GRANTED);
    expect(await screen.findByRole('heading', { name: /Working under a grant until .*:30/ })).toBeTruthy();
    expect(screen.getByText(/at least every 30 minutes/)).toBeTruthy();
  });

  it('is said loudly where the glass is broken, and plainly where it does not hold', async () => {
    const { becomes } = await open('now', GLASS);
    expect(await screen.findByRole('heading', { name: /GLASS IS BROKEN/ })).toBeTruthy();
    const why = 'this device’s clock was set back';
    await becomes({ ...GRANTED, under_grant: { ...GRANTED.under_grant!, suspended: why } });
    expect(await screen.findByText(`It does not hold at the moment: ${why}`)).toBeTruthy();
  });

  it('is not there without one', async () => {
    await open('now', VERIFIED);
    expect(screen.queryByText(/Working under a grant/)).toBeNull();
  });
});

describe('own cases', () => {
  it('are shown after a proof only', async () => {
    const { asked, becomes } = await open('cases', VERIFIED);
    expect(asked('cases')).toHaveLength(0);
    expect(screen.queryByText(CASE.code)).toBeNull();
    await becomes(FRESH);
    expect(await screen.findByText(CASE.code)).toBeTruthy();
    await becomes(VERIFIED);
    await vi.waitFor(() => expect(screen.queryByText(CASE.code)).toBeNull());
  });

  it('offer what can be done with each', async () => {
    const { asked } = await open('cases', FRESH);
    const [first, second, third] = (await screen.findAllByRole('listitem')).filter((li) => li.querySelector('h3'));
    const names = (li?: HTMLElement) => within(li!).getAllByRole('button').map((b) => b.textContent?.trim());
    expect(names(first)).toEqual(['Show code', 'Export', 'Page to print', 'Close case']);
    expect(names(second)).toEqual(['Export', 'Page to print', 'End grant']);
    expect(names(third)).toEqual(['Export', 'Page to print']);
    expect(within(second!).getByText(/by ada/)).toBeTruthy();
    await userEvent.click(within(first!).getByRole('button', { name: 'Show code' }));
    expect(await within(first!).findByRole('img')).toBeTruthy();
    await userEvent.click(within(third!).getByRole('button', { name: 'Page to print' }));
    expect(asked('export_case')[0]?.args).toEqual({ case: CASES[2]?.id, page: true });
    expect(await within(third!).findByText(/stillyou-case-1/)).toBeTruthy();
    await userEvent.click(within(second!).getByRole('button', { name: 'End grant' }));
    expect(asked('close_case')[0]?.args).toEqual({ case: CASES[1]?.id });
    await vi.waitFor(() => expect(asked('cases')).toHaveLength(2));
  });

  it('are opened for what a person can’t use', async () => {
    const { asked } = await open('cases', FRESH);
    await userEvent.selectOptions(screen.getByLabelText('What you can’t use'), 'face');
    await userEvent.click(screen.getByLabelText('For longer, as policy allows: replace it'));
    await press('Open a case');
    expect(asked('open_case')[0]?.args).toEqual({ modality: 'face', cannotUse: true, unsuitable: true });
  });

  it('what is refused says why, and stays in its field', async () => {
    await open('cases', VERIFIED, { enter_document: refuse('failed', 'it was used before; a grant works once') });
    const field = screen.getByLabelText<HTMLTextAreaElement>('Grant, revocation or review');
    await userEvent.type(field, 'a.b.c');
    await press('Use it');
    expect(await screen.findByText(/works once/)).toBeTruthy();
    expect(field.value).toBe('a.b.c');
  });
});

describe('a grant before the camera', () => {
  const CAMERA = 'Scan with the camera';

  it('is offered only where the camera is on', async () => {
    const { becomes } = await open('cases', VERIFIED);
    expect(screen.queryByRole('button', { name: CAMERA })).toBeNull();
    await becomes({ ...VERIFIED, sensors: SCANNING.sensors });
    expect(await screen.findByRole('button', { name: CAMERA })).toBeTruthy();
  });

  it('is read by the agent, which tells where codes are and what to do, and is taken', async () => {
    let read = (_: unknown) => {};
    const reading = new Promise((resolve) => (read = resolve));
    const { asked, becomes } = await open('cases', { ...SCANNING, scan: null }, { scan_document: () => reading });
    await press(CAMERA);
    expect(screen.getByText('Waiting for the camera…')).toBeTruthy();
    await becomes(SCANNING);
    expect(screen.getByText('Let the next parts come')).toBeTruthy();
    expect(screen.getByText('1 of 4 parts')).toBeTruthy();
    expect(screen.getByRole('img', { name: 'Where the code is' }).querySelectorAll('path')).toHaveLength(1);
    await press('Stop');
    expect(asked('cancel_face')).toHaveLength(1);
    read({ what: 'grant', case: CASES[1] });
    expect(await screen.findByText('Taken: the grant is in force.')).toBeTruthy();
    expect(screen.getByRole('button', { name: CAMERA })).toBeTruthy();
  });

  it('an approver’s camera reads a case', async () => {
    await open('approvals', { ...FRESH, sensors: SCANNING.sensors });
    await userEvent.click(await screen.findByRole('button', { name: CAMERA }));
    expect(await screen.findByText('pat on desk-7')).toBeTruthy();
    expect(screen.getByLabelText<HTMLTextAreaElement>('The case’s text').value).toBe(CASE.request);
  });
});

describe('a code for a webcam', () => {
  it('takes turns in parts, and is one again when that is wanted', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await open('approvals', FRESH);
      await userEvent.type(await screen.findByLabelText('The case’s text'), CASE.request);
      await press('Read it');
      await userEvent.type(await screen.findByLabelText('Why, for the record'), 'a splint');
      await press('Sign the grant');
      await userEvent.click(await screen.findByRole('button', { name: 'In parts, for a webcam' }));
      const drawn = () => screen.getByRole('img', { name: 'The grant' }).querySelector('.dark')!.getAttribute('d');
      const first = drawn();
      expect(screen.getByText('Part 1 of 2')).toBeTruthy();
      vi.advanceTimersByTime(600);
      expect(await screen.findByText('Part 2 of 2')).toBeTruthy();
      expect(drawn()).not.toBe(first);
      vi.advanceTimersByTime(600);
      expect(await screen.findByText('Part 1 of 2')).toBeTruthy();
      await press('As one code');
      expect(screen.queryByText(/^Part/)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('approvals', () => {
  const read = async (status = FRESH, more = {}) => {
    const page = await open('approvals', status, more);
    await userEvent.type(await screen.findByLabelText('The case’s text'), CASE.request);
    await press('Read it');
    await screen.findByText('pat on desk-7');
    return page;
  };

  it('show the reasons, that nobody has signed them, and the controls', async () => {
    await read();
    expect(screen.getByText(/the device was changed/)).toBeTruthy();
    expect(screen.getByText(/Nobody has signed these reasons/)).toBeTruthy();
    expect(screen.getByText(/every 30 minutes, the score falls 2 times as fast, 4 looks/)).toBeTruthy();
    expect(screen.queryByLabelText('The grant that the first approver signed')).toBeNull();
  });

  it('sign what was decided, after a proof', async () => {
    const { asked, becomes } = await read(VERIFIED);
    await userEvent.clear(screen.getByLabelText('Minutes'));
    await userEvent.type(screen.getByLabelText('Minutes'), '45');
    await userEvent.type(screen.getByLabelText('Why, for the record'), 'a splint');
    await userEvent.selectOptions(screen.getByLabelText('How you knew them'), 'video');
    await press('Sign the grant');
    expect(asked('issue_grant')).toHaveLength(0);
    expect(screen.getByRole('dialog', { hidden: true })).toBeTruthy();
    await becomes(FRESH);
    await press('Sign the grant');
    const decision = { minutes: 45, reason: 'a splint', without_sensors: false, instead: null, channel: 'video' };
    expect(asked('issue_grant')[0]?.args).toEqual({ request: CASE.request, decision });
    expect((await screen.findByLabelText<HTMLTextAreaElement>('The grant', { selector: 'textarea' })).value).toBe(SIGNED.text);
  });

  it('ask for the factor that replaces a modality, and for a second signature', async () => {
    const { asked } = await read(FRESH, {
      read_request: { ...REQUEST, profile: 'accessibility', approvers: 2 }, issue_grant: { ...SIGNED, complete: false },
    });
    expect(screen.queryByLabelText('Without any sensor')).toBeNull();
    await userEvent.selectOptions(screen.getByLabelText('Replaced by'), 'totp');
    await userEvent.type(screen.getByLabelText('Why, for the record'), 'one hand');
    await press('Sign the grant');
    expect(asked('issue_grant')[0]?.args).toMatchObject({ decision: { instead: 'totp' } });
    expect(await screen.findByText(/another approver’s signature/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText('The grant that the first approver signed'), 'a.b.c');
    await press('Sign as the second');
    expect(asked('countersign_grant')[0]?.args).toEqual({ request: CASE.request, grant: 'a.b.c' });
  });

  it('sign a review of an exported case', async () => {
    const { asked } = await open('approvals', FRESH);
    const file = new File(['{"record":1}'], 'case.json', { type: 'application/json' });
    await userEvent.upload(await screen.findByLabelText('Exported case'), file);
    await userEvent.selectOptions(screen.getByLabelText('The override'), 'abuse');
    await userEvent.type(screen.getByLabelText('Note'), 'not them');
    await press('Sign the review');
    expect(asked('review_case')[0]?.args).toEqual({ exported: '{"record":1}', verdict: 'abuse', note: 'not them' });
  });

  it('offer nobody without a role anything but the report', async () => {
    await open('approvals', VERIFIED, { own_roles: { person: 'pat', roles: [], has_key: false } });
    expect(await screen.findByText(/gives pat no role/)).toBeTruthy();
    expect(screen.queryByText('Approve a case')).toBeNull();
    expect(screen.getByText('Repeated failure')).toBeTruthy();
  });

  it('say when the key in policy is not there', async () => {
    await open('approvals', VERIFIED, { own_roles: { person: 'ada', roles: ['manager'], has_key: false } });
    expect((await screen.findByText(/stillyou grant key new/)).getAttribute('role')).toBe('alert');
  });

  it('show figures, what is held back, what to change and where to look', async () => {
    const { asked } = await open('approvals', FRESH);
    const files = [new File(['{"failed":[]}'], 'a.json'), new File(['{"failed":[1]}'], 'b.json')];
    await userEvent.upload(await screen.findByLabelText('What computers counted'), files);
    await press('Show figures');
    expect(asked('report')[0]?.args).toEqual({ files: ['{"failed":[]}', '{"failed":[1]}'] });
    expect(await screen.findByText('61 failures of 23 people.')).toBeTruthy();
    expect(screen.getAllByText('2 not shown: too few people.')).toHaveLength(2);
    expect(screen.getByText(/change the light \(25 of 27 failures, 10 people\)/)).toBeTruthy();
    expect(screen.getByText('ada gave 19 of 21 approvals')).toBeTruthy();
  });

  it('show no figures about too few people', async () => {
    await open('approvals', FRESH, { report: { ...FIGURES, all: null, tables: [], advice: [], patterns: [] } });
    await userEvent.click(await screen.findByRole('button', { name: 'Show figures' }));
    expect(await screen.findByText('Fewer than 5 people: no figures are shown.')).toBeTruthy();
  });
});
