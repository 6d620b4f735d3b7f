import type { CaseShown } from '../src/lib/bindings/CaseShown';
import type { Figures } from '../src/lib/bindings/Figures';
import type { GrantView } from '../src/lib/bindings/GrantView';
import type { Help } from '../src/lib/bindings/Help';
import type { RecordView } from '../src/lib/bindings/RecordView';
import type { Replaced } from '../src/lib/bindings/Replaced';
import type { RequestView } from '../src/lib/bindings/RequestView';
import type { Signed } from '../src/lib/bindings/Signed';
import { at } from './fixture-time.ts';

/** A made-up QR code: three finders and a pattern between them. */
export const CODE = Array.from({ length: 41 }, (_, y) =>
  Array.from({ length: 41 }, (_, x) => {
    const finder = (cx: number, cy: number) => Math.max(Math.abs(x - cx), Math.abs(y - cy));
    const rings = [finder(7, 7), finder(33, 7), finder(7, 33)].filter((d) => d <= 4);
    if (rings.length > 0) return rings.some((d) => d <= 1 || d === 3) ? '1' : '0';
    if (Math.min(x, y) < 4 || Math.max(x, y) > 36) return '0';
    return (x * x + 3 * y + x * y) % 5 < 2 ? '1' : '0';
  }).join(''),
);
export const CASE: CaseShown = {
  id: '01010101010101010101010101010101',
  code: '4T7QK-0M2XH',
  state: 'open',
  profile: 'standard',
  modality: 'keystroke',
  cause: 'sensor',
  because: ['the device was changed for another 12 min ago'],
  opened_ms: at('15:41'),
  until_ms: null,
  approvers: [],
  review_due_ms: null,
  instead: null,
  request: 'stillyou-case:1:eyJjYXNlIjoiMDEwMTAxMDEwMTAxMDEwMTAxMDEwMTAxMDEwMTAxMDEifQ.3xP0a1bQ',
};
export const HELP: Help = { case: CASE, code: CODE, parts: [CODE, [...CODE].reverse()] };
export const CASES: CaseShown[] = [
  CASE,
  {
    ...CASE, id: '02020202020202020202020202020202', code: '9GH2M-7RD0K', state: 'granted', modality: 'face', cause: 'environment',
    because: ['the light is 0.05; a face is seen from 0.12 to 0.92'], opened_ms: at('13:02'), until_ms: at('16:30'),
    approvers: ['ada'], review_due_ms: at('16:30', 15),
  },
  {
    ...CASE, id: '03030303030303030303030303030303', code: 'K2M4P-QX81C', state: 'reviewed', modality: null, cause: 'unknown',
    because: ['nothing that was measured says why'], opened_ms: at('09:12', 11), until_ms: at('10:12', 11), approvers: ['ada', 'bea'],
  },
  {
    ...CASE, id: '04040404040404040404040404040404', code: 'W8N3D-5VJ0R', state: 'granted', profile: 'accessibility', modality: 'pointer',
    cause: 'accessibility', because: ['the person says that they can’t use it'], opened_ms: at('10:20', 10), until_ms: at('10:40', 31),
    approvers: ['bea'], review_due_ms: at('10:40', 31), instead: 'totp',
  },
];
export const REPLACED: Replaced[] = [{ modality: 'pointer', instead: 'totp', until_ms: at('10:40', 31) }];
export const SIGNED: Signed = {
  text: 'eyJhbGciOiJFZERTQSIsInR5cCI6InN0aWxseW91LWdyYW50K2p3dCIsImtpZCI6ImFkYSJ9.eyJqdGkiOiIwMSJ9.c2lnbmF0dXJl',
  code: CODE,
  parts: [CODE, [...CODE].reverse()],
  complete: true,
};
export const REQUEST: RequestView = {
  code: CASE.code,
  person: 'pat',
  device: 'desk-7',
  profile: 'standard',
  modality: 'keystroke',
  cause: 'sensor',
  because: CASE.because,
  tried: ['password: wrong'],
  opened_ms: CASE.opened_ms,
  longest_minutes: 240,
  approvers: 1,
  second_channel: false,
  reverify_minutes: 30,
  hazard_factor: 2,
  audits_per_hour: 4,
};
/** What the first of two approvers granted. */
export const FIRST: GrantView = {
  code: CASE.code,
  person: 'pat',
  device: 'desk-7',
  profile: 'regulated',
  terms: {
    scope: { kind: 'set-aside', modality: 'keystroke' },
    from_ms: at('15:42'),
    until_ms: at('17:42'),
    controls: { reverify_minutes: 30, hazard_factor: 2, audits_per_hour: 4 },
    channel: 'video',
    network: null,
    reason: 'a splint, seen on video',
  },
  signatures: [{ signer: 'ada', standing: 'good', roles: ['security'] }],
};
/** A case whose grant is over, for its review. */
export const RECORD: RecordView = {
  code: CASE.code,
  person: 'pat',
  device: 'desk-7',
  opened_ms: CASE.opened_ms,
  modality: 'keystroke',
  cause: 'sensor',
  because: CASE.because,
  tried: ['password: wrong'],
  measured: ['quality 0.83, of 1', 'device: keyboard (x11)'],
  against: [{ cause: 'hold time of common letters', nats: 4.2 }],
  profile: 'standard',
  state: 'ended',
  used: {
    terms: FIRST.terms,
    profile: 'standard',
    how: 'signature',
    approvers: ['ada'],
    ended: { why: 'given-up', at_ms: at('16:05') },
  },
  review_due_ms: at('16:05', 15),
  late_ms: null,
  reviewed: null,
  wrong_codes: 0,
  evidence: 'b7c1f09e4d52a86e0f3a9a51c2d7764e3b10d5ff8a02c94e6671d0c3e85f2b19',
};
export const FIGURES: Figures = {
  smallest_group: 5,
  devices: 40,
  all: { name: 'all', failures: 61, people: 23 },
  tables: [
    {
      by: 'modality',
      bars: [{ name: 'keystroke', failures: 34, people: 15 }, { name: 'face', failures: 27, people: 11 }],
      withheld: 0,
    },
    {
      by: 'cause',
      bars: [{ name: 'environment', failures: 25, people: 10 }, { name: 'not-measured', failures: 19, people: 9 }],
      withheld: 2,
    },
    { by: 'sensor', bars: [{ name: 'keyboard (x11)', failures: 34, people: 15 }], withheld: 2 },
    {
      by: 'outcome',
      bars: [{ name: 'false reject', failures: 40, people: 18 }, { name: 'unsettled', failures: 21, people: 12 }],
      withheld: 0,
    },
  ],
  advice: [{ modality: 'face', change: 'environment', failures: 25, of: 27, people: 10 }],
  patterns: [{ kind: 'one-approver', name: 'ada', times: 19, of: 21 }],
};
