import { screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { inDayAndClock } from '../src/lib/format';
import { CASE, CASES, FIGURES, FIRST, RECORD, REQUEST, SIGNED } from './case-fixtures';
import { FRESH, GLASS, GRANTED, MAY_BREAK_GLASS, SCANNING, VERIFIED } from './fixtures';
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

  it('say of a declaration what replaces what, and end that', async () => {
    const { asked } = await open('cases', FRESH);
    const declared = (await screen.findAllByRole('listitem')).filter((li) => li.querySelector('h3'))[3]!;
    expect(within(declared).getByText('Replaced')).toBeTruthy();
    expect(within(declared).getByText(/Replaced by: A code from your authenticator, until .*, agreed by bea/)).toBeTruthy();
    await userEvent.click(within(declared).getByRole('button', { name: 'End the replacement' }));
    expect(asked('close_case')[0]?.args).toEqual({ case: CASES[3]?.id });
  });

  it('are opened for what a person can’t use', async () => {
    const { asked } = await open('cases', FRESH);
    await userEvent.selectOptions(screen.getByLabelText('What you can’t use'), 'face');
    await userEvent.click(screen.getByLabelText('For longer, as policy allows: replace it'));
    await press('Open a case');
    expect(asked('open_case')[0]?.args).toEqual({ modality: 'face', cannotUse: true, unsuitable: true });
  });

  describe('where nobody can be reached', () => {
    const OFFER = 'Nobody can be reached…';

    it('offer no glass to break unless policy has one', async () => {
      await open('cases', FRESH);
      await screen.findByText(CASE.code);
      expect(screen.queryByRole('button', { name: OFFER })).toBeNull();
    });

    it('break it for what waits, loudly, with a reason and not by one press', async () => {
      const { asked } = await open('cases', FRESH, { policy: MAY_BREAK_GLASS });
      await userEvent.click(await screen.findByRole('button', { name: OFFER }));
      expect(asked('break_glass')).toHaveLength(0);
      expect(screen.getByText(/up to 60 minutes .* told AT ONCE/)).toBeTruthy();
      const go = screen.getByRole<HTMLButtonElement>('button', { name: 'Break the glass' });
      expect(go.disabled).toBe(true);
      await press('Cancel');
      expect(screen.queryByText('BREAK THE GLASS')).toBeNull();
      await press(OFFER);
      await userEvent.type(screen.getByLabelText('Why it can’t wait'), 'the pump');
      await press('Break the glass');
      expect(asked('break_glass').map((call) => call.args)).toEqual([{ case: CASE.id, reason: 'the pump' }]);
      await vi.waitFor(() => expect(asked('cases')).toHaveLength(2));
    });
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

  it('ask for the factor that replaces a modality, and say that a second signature is needed', async () => {
    const { asked } = await read(FRESH, {
      read_request: { ...REQUEST, profile: 'accessibility', approvers: 2 }, issue_grant: { ...SIGNED, complete: false },
    });
    expect(screen.queryByLabelText('Without any sensor')).toBeNull();
    const instead = screen.getByLabelText<HTMLSelectElement>('Replaced by');
    const factors = ['password', 'totp', 'recovery-code', 'security-key', 'pass-phrase'];
    expect([...instead.options].map((one) => one.value)).toEqual(factors);
    await userEvent.selectOptions(instead, 'totp');
    await userEvent.type(screen.getByLabelText('Why, for the record'), 'one hand');
    await press('Sign the grant');
    expect(asked('issue_grant')[0]?.args).toMatchObject({ decision: { instead: 'totp' } });
    expect(await screen.findByText(/another approver’s signature/)).toBeTruthy();
  });

  describe('as the second', () => {
    const FIELD = 'The grant that the first approver signed';
    const second = async (first = FIRST) => {
      const page = await read(FRESH, { read_request: { ...REQUEST, profile: 'regulated', approvers: 2 }, read_grant: first });
      await userEvent.type(screen.getByLabelText(FIELD), 'a.b.c');
      return page;
    };

    it('sign nothing before they have read what the first granted', async () => {
      const { asked } = await second();
      expect(screen.queryByRole('button', { name: 'Sign as the second' })).toBeNull();
      await press('Show what it grants');
      expect(asked('read_grant')[0]?.args).toEqual({ text: 'a.b.c' });
      const fact = async (name: string) => (await screen.findAllByText(name)).at(-1)?.nextElementSibling?.textContent;
      expect(screen.getAllByText('pat on desk-7')).toHaveLength(2);
      expect(await fact('Code')).toBe(CASE.code);
      expect(await fact('Allows')).toBe('Typing counts for nothing');
      expect(await fact('From')).toBe(inDayAndClock(FIRST.terms.from_ms));
      expect(await fact('Until')).toBe(inDayAndClock(FIRST.terms.until_ms));
      expect(await fact('While it lasts')).toMatch(/every 30 minutes, the score falls 2 times as fast, 4 looks/);
      expect(await fact('Known by')).toBe('Seen in a video call');
      expect(await fact('Network')).toBe('any');
      expect(await fact('Signed by')).toBe('ada (security)');
      expect(await fact('Why')).toBe('a splint, seen on video');
      await press('Sign as the second');
      expect(asked('countersign_grant')[0]?.args).toEqual({ request: CASE.request, grant: 'a.b.c' });
    });

    it('are asked for nothing that the first has decided', async () => {
      await second();
      for (const field of ['Minutes', 'Why, for the record', 'How you knew them', 'Without any sensor']) {
        expect(screen.queryByLabelText(field), field).toBeNull();
      }
      await userEvent.clear(screen.getByLabelText(FIELD));
      expect(screen.getByLabelText('Minutes')).toBeTruthy();
    });

    it('read again what was changed since', async () => {
      await second();
      await press('Show what it grants');
      await screen.findByText('Signed by');
      await userEvent.type(screen.getByLabelText(FIELD), 'd');
      expect(screen.queryByText('Signed by')).toBeNull();
      expect(screen.queryByRole('button', { name: 'Sign as the second' })).toBeNull();
    });

    it('see a signature that does not hold', async () => {
      await second({ ...FIRST, signatures: [{ signer: 'ada', standing: 'bad' }, { signer: 'eve', standing: 'unknown' }] });
      await press('Show what it grants');
      expect(await screen.findByText(/ada: FORGED/)).toBeTruthy();
      expect(screen.getByText(/eve: no approver/)).toBeTruthy();
    });
  });

  describe('of a review', () => {
    const FILE = new File(['{"record":1}'], 'case.json', { type: 'application/json' });
    const before = async (more = {}) => {
      const page = await open('approvals', FRESH, more);
      await userEvent.upload(await screen.findByLabelText('Exported case'), FILE);
      return page;
    };

    it('show the whole record before anything can be found', async () => {
      let read = (_: unknown) => {};
      const reading = new Promise((resolve) => (read = resolve));
      const { asked } = await before({ read_case: () => reading });
      expect(asked('read_case')[0]?.args).toEqual({ exported: '{"record":1}' });
      expect(screen.queryByLabelText('The override')).toBeNull();
      expect(screen.queryByRole('button', { name: 'Sign the review' })).toBeNull();
      read(RECORD);
      const fact = async (name: string) => (await screen.findByText(name)).nextElementSibling?.textContent?.trim();
      expect(await fact('Code')).toBe(RECORD.code);
      expect(screen.getByText('pat on desk-7')).toBeTruthy();
      expect(await fact('Opened')).toBe(inDayAndClock(RECORD.opened_ms));
      expect(await fact('Likeliest cause')).toBe('The sensor: the device was changed for another 12 min ago');
      expect(await fact('What was tried')).toBe('password: wrong');
      expect(await fact('What was measured')).toMatch(/quality 0.83/);
      expect(await fact('What spoke against them')).toMatch(/hold.*4.2 nats/i);
      expect(await fact('Allows')).toBe('Typing counts for nothing');
      expect(await fact('From')).toBe(inDayAndClock(FIRST.terms.from_ms));
      expect(await fact('Until')).toBe(inDayAndClock(FIRST.terms.until_ms));
      expect(await fact('While it lasts')).toMatch(/every 30 minutes/);
      expect(await fact('Known by')).toBe('Seen in a video call');
      expect(await fact('How it came')).toBe('Signed');
      expect(await fact('Approved by')).toBe('ada');
      expect(await fact('Over')).toMatch(/it was not needed any more/);
      expect(await fact('Why')).toBe(FIRST.terms.reason);
      expect(screen.getByText(new RegExp(RECORD.evidence))).toBeTruthy();
    });

    it('sign what was found, and nothing before it was', async () => {
      const { asked } = await before();
      const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Sign the review' });
      expect(button.disabled).toBe(true);
      await userEvent.selectOptions(screen.getByLabelText('The override'), 'abuse');
      await userEvent.type(screen.getByLabelText('Note'), 'not them');
      await press('Sign the review');
      expect(asked('review_case')[0]?.args).toEqual({ exported: '{"record":1}', verdict: 'abuse', note: 'not them' });
    });

    it('say what is no case, and sign nothing', async () => {
      await before({ read_case: refuse('failed', 'this is not an exported case: expected value') });
      expect(await screen.findByText(/not an exported case/)).toBeTruthy();
      expect(screen.queryByRole('button', { name: 'Sign the review' })).toBeNull();
    });
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
    expect(screen.getByText(/change the light \(25 of 27 measured failures, 10 people\)/)).toBeTruthy();
    expect(screen.getByText('ada gave 19 of 21 approvals')).toBeTruthy();
  });

  it('show no figures about too few people', async () => {
    await open('approvals', FRESH, { report: { ...FIGURES, all: null, tables: [], advice: [], patterns: [] } });
    await userEvent.click(await screen.findByRole('button', { name: 'Show figures' }));
    expect(await screen.findByText('Fewer than 5 people: no figures are shown.')).toBeTruthy();
  });
});
