import type { Explained } from '../src/lib/bindings/Explained';
import type { Moment } from '../src/lib/bindings/Moment';
import type { PastDecision } from '../src/lib/bindings/PastDecision';
import type { PolicyField } from '../src/lib/bindings/PolicyField';
import type { PolicyView } from '../src/lib/bindings/PolicyView';
import type { Status } from '../src/lib/bindings/Status';
import type { StoredItem } from '../src/lib/bindings/StoredItem';
import { CASE, CASES, FIGURES, FIRST, HELP, RECORD, REPLACED, REQUEST, SIGNED } from './case-fixtures.ts';
import { at } from './fixture-time.ts';


export const VERIFIED: Status = {
  state: { state: 'watching', band: 'verified' },
  seconds_left: null,
  score: null,
  log_odds: null,
  contributions: null,
  enrolment: null,
  enrolment_problem: null,
  trouble: [],
  circumstances: null,
  muted: [],
  replaced: [],
  keyboard: 'XInput2',
  model: 'research-1 (CC BY-NC 4.0, non-commercial use only)',
  policy: ['/etc/stillyou/policy.toml'],
  keystrokes: 18_204,
  paused_seconds: null,
  fresh_seconds: null,
  under_grant: null,
  step_up_reason: null,
  factors: ['password'],
  factors_needed: 1,
  own_factors: [
    { factor: 'totp', set_up: false, left: null, needed: false },
    { factor: 'recovery-code', set_up: true, left: 9, needed: false },
    { factor: 'security-key', set_up: true, left: null, needed: false },
    { factor: 'pass-phrase', set_up: false, left: null, needed: false },
  ],
  own_keys: [
    { name: 'blue', since_unix_ms: 1_757_000_000_000 },
    { name: 'key 1', since_unix_ms: 1_758_000_000_000 },
  ],
  live_check: null,
  scan: null,
  consent: true,
  without_biometrics: null,
  sensors: [
    { modality: 'keystroke', state: 'on', may_turn_off: true },
    { modality: 'pointer', state: 'on', may_turn_off: false },
    { modality: 'face', state: 'off', may_turn_off: true },
  ],
  camera: { mode: 'offered', on: false, images: null, learning: false, enrolment: null, problem: null, unseen: null, pad: { pad: 'missing' } },
  may_pause_minutes: 30,
  may_quit: true,
  enrolled: {
    keystrokes: 2140,
    self_rejects: 0.021,
    step_ups_per_8h: 0.31,
    step_ups_per_8h_bound: 1.4,
    strokes: 212,
    pointer_problem: null,
  },
};

const status = (change: Partial<Status>): Status => ({ ...VERIFIED, ...change });

export const WATCH = status({ state: { state: 'watching', band: 'watch' } });
export const STEP_UP = status({
  state: { state: 'step-up', deadline: { secs: 48_213, nanos: 0 }, locking: false },
  seconds_left: 24,
  step_up_reason: 'evidence',
});
/** Work by an approver's word. */
export const GRANTED = status({
  under_grant: {
    until_ms: at('16:30'), set_aside: ['keystroke'], reverify_minutes: 30, emergency: false, suspended: null,
  },
});
export const GLASS = status({
  under_grant: {
    until_ms: at('16:30'), set_aside: ['keystroke', 'pointer', 'face'], reverify_minutes: 15, emergency: true, suspended: null,
  },
});
export const LOCKING = status({
  state: { state: 'step-up', deadline: { secs: 48_213, nanos: 0 }, locking: true },
  seconds_left: 0,
  step_up_reason: 'evidence',
});
export const LOCKED = status({ state: { state: 'locked', by_score: true } });
export const PAUSED = status({ state: { state: 'paused', until: { secs: 9_000, nanos: 0 } }, paused_seconds: 780 });
/** A face being learnt, of which nothing is shown but lines. */
export const FACE: Status = status({
  camera: {
    ...VERIFIED.camera,
    on: true,
    learning: true,
    enrolment: {
      taken: 2,
      needed: 7,
      hint: { hint: 'turn', pose: 'right' },
      outline: {
        height: 750,
        light: 48,
        lines: [
          [[500, 150], [590, 180], [640, 280], [645, 400], [610, 510], [550, 590], [500, 610], [450, 590], [390, 510], [355, 400], [360, 280], [410, 180], [500, 150]],
          [[400, 330], [430, 315], [460, 330], [430, 342], [400, 330]],
          [[540, 330], [570, 315], [600, 330], [570, 342], [540, 330]],
          [[500, 340], [505, 430], [485, 450], [500, 460]],
          [[445, 520], [500, 505], [555, 520], [500, 545], [445, 520]],
        ],
      },
    },
  },
});

/** A face that is known, and a camera that somebody else uses. */
export const UNSEEN: Status = status({
  sensors: FACE.sensors,
  camera: { ...VERIFIED.camera, images: 7, unseen: 'another program uses USB2.0 HD UVC WebCam (/dev/video0)' },
});

export const LEARNING = status({ state: { state: 'learning' }, enrolled: null });
export const ENROLLING = status({
  state: { state: 'learning' },
  enrolled: null,
  enrolment: { keystrokes: 1284, needed: 2000 },
});
export const TROUBLE = status({
  trouble: [
    {
      trouble: 'cannot-lock',
      why: 'no way to lock has been proven: logind has no listener and no screen saver answers. Install xss-lock, or name a command under [lock] in the policy.',
    },
    {
      trouble: 'keychain-unavailable',
      why: 'the keychain is locked. Unlock it with your login password, then it goes on by itself.',
    },
  ],
  sensors: [{ modality: 'keystroke', state: 'not-seen', may_turn_off: false }, ...VERIFIED.sensors.slice(1)],
});
export const FRESH = status({
  fresh_seconds: 52,
  score: 99.874,
  log_odds: -6.675,
  contributions: [
    { cause: 'rhythm of letters of both hands', nats: -2.41 },
    { cause: 'hold time of common letters', nats: -1.72 },
    { cause: 'time without proof', nats: 0.74 },
    { cause: 'time on an unknown network', nats: 0.36 },
    { cause: 'pauses between words', nats: 0.21 },
    { cause: 'hold time of other keys', nats: -0.03 },
  ],
  circumstances: ['unknown-network'],
  replaced: REPLACED,
});

export const TODAY: Moment[] = [
  { unix_ms: at('08:04'), state: 'watch' },
  { unix_ms: at('08:09'), state: 'verified' },
  { unix_ms: at('10:31'), state: 'watch' },
  { unix_ms: at('10:44'), state: 'verified' },
  { unix_ms: at('12:02'), state: 'locked' },
  { unix_ms: at('12:48'), state: 'watch' },
  { unix_ms: at('12:57'), state: 'step-up' },
  { unix_ms: at('12:58'), state: 'verified' },
  { unix_ms: at('14:10'), state: 'paused' },
  { unix_ms: at('14:25'), state: 'watch' },
  { unix_ms: at('14:31'), state: 'verified' },
];

export const LEARNING_TODAY: Moment[] = [{ unix_ms: at('13:20'), state: 'learning' }];

const deadline = { secs: 0, nanos: 0 };
export const DECISIONS: PastDecision[] = [
  { entry: 201, unix_ms: at('09:12', 11), event: { event: 'band-changed', from: 'watch', to: 'verified' }, score: 96.2 },
  { entry: 214, unix_ms: at('14:37', 11), event: { event: 'band-changed', from: 'verified', to: 'watch' }, score: 94.1 },
  { entry: 215, unix_ms: at('14:38', 11), event: { event: 'step-up-asked', reason: 'evidence', forced_by: 'keystroke', deadline }, score: 41.7 },
  { entry: 217, unix_ms: at('14:39', 11), event: { event: 'lock-asked', reason: 'grace-over' }, score: 12.4 },
  { entry: 241, unix_ms: at('08:09'), event: { event: 'band-changed', from: 'watch', to: 'verified' }, score: 97.8 },
  { entry: 248, unix_ms: at('10:31'), event: { event: 'band-changed', from: 'verified', to: 'watch' }, score: 94.6 },
  { entry: 251, unix_ms: at('10:44'), event: { event: 'band-changed', from: 'watch', to: 'verified' }, score: 98.9 },
  { entry: 260, unix_ms: at('12:57'), event: { event: 'step-up-asked', reason: 'scheduled', forced_by: null, deadline }, score: 49.8 },
];

export const EXPLAINED: Explained = {
  entry: 260,
  event: { event: 'step-up-asked', reason: 'scheduled', forced_by: null, deadline },
  score: 49.8,
  log_odds: 0.008,
  start: -2.4849,
  contributions: [
    { cause: 'time without proof', nats: 5.62 },
    { cause: 'time on an unknown network', nats: 1.14 },
    { cause: 'rhythm of letters of both hands', nats: -0.52 },
    { cause: 'session unlocked', nats: 0.68 },
  ],
  pictures: null,
  face: null,
  recomputes: true,
};

/** A look that spoke against the person, mostly by the eyes. */
export const EXPLAINED_FACE: Explained = {
  ...EXPLAINED,
  contributions: [{ cause: 'likeness of the face', nats: 7 }, ...EXPLAINED.contributions],
  pictures: { compared: 3, taken: 14, quality: 0.72 },
  face: {
    rows: Array.from({ length: 12 }, (_, y) =>
      Array.from({ length: 12 }, (_, x) => Math.round(10 * (0.6 - 3 * Math.exp(-((y - 3) ** 2) / 3 - (Math.abs(x - 5.5) - 2.5) ** 2 / 4))) / 10),
    ),
    parts: [
      { cause: 'eyes and brows', nats: 22.4 },
      { cause: 'forehead and hair', nats: -3.1 },
      { cause: 'nose and cheeks', nats: -9.8 },
      { cause: 'mouth and chin', nats: -28.7 },
    ],
  },
};

export const STORED: StoredItem[] = [
  { what: 'template', place: 'keychain of this login', bytes: null, detail: 'keystroke, 2140 keystrokes, generation 2, model research-movements' },
  { what: 'template', place: 'keychain of this login', bytes: null, detail: 'pointer, 212 strokes, generation 1, model pointer' },
  { what: 'key', place: 'keychain of this login', bytes: null, detail: 'the templates\' key, the ledger\'s key and its head' },
  { what: 'ledger', place: '~/.local/state/stillyou/ledger.db', bytes: 1_482_752, detail: 'signed, append-only; no biometrics' },
  { what: 'policy', place: '/etc/stillyou/policy.toml', bytes: 412, detail: 'owned by root' },
];

const rule = (name: string, value: string, meaning: string, unit = '', more: Partial<PolicyField> = {}): PolicyField => ({
  name, value, default: value, meaning, unit, may: '', set_by: null, ...more,
});
export const POLICY: PolicyView = {
  files: ['/etc/stillyou/policy.toml'],
  sections: [
    {
      name: 'score',
      meaning: 'Where the bands of the score begin.',
      fields: [
        rule('score.watch_odds', '1:4', 'Odds that somebody else is there at which to look more closely.', '', { may: 'lower it' }),
        rule('score.step_up_odds', '1:1', 'Odds at which the person must prove who they are.', '', { may: 'lower it' }),
        rule('score.lock_odds', '1000:1', 'Odds at which the session is locked.', '', { may: 'lower it' }),
      ],
    },
    {
      name: 'step_up',
      meaning: 'How the person proves who they are.',
      fields: [
        rule('step_up.grace_seconds', '20', 'How long an open step-up waits for an answer before the session locks.', 'seconds', {
          default: '30', may: 'lower it', set_by: '/etc/stillyou/policy.toml',
        }),
        rule('step_up.tries', '3', 'Wrong answers before each further one must wait.', 'answers', { may: 'lower it' }),
        rule('step_up.after_unlock', 'true', 'Whether every unlock of the session asks.', '', {
          default: 'false', set_by: '/etc/stillyou/policy.toml',
        }),
      ],
    },
    {
      name: 'context',
      meaning: 'What is around the session and how much likelier a change of person is then.',
      fields: [
        rule('context.remote_session_per_s', '0.0001', 'Added to the hazard while the session is used from another machine.', 'per second', { may: 'raise it' }),
        rule('context.known_networks', '[]', 'Networks that add nothing, by their UUID in NetworkManager.'),
      ],
    },
  ],
};

/** Rules under which a person may go on without an approver. */
export const MAY_BREAK_GLASS: PolicyView = {
  files: [],
  sections: [
    { name: 'governance', meaning: '', fields: [rule('emergency_allowed', 'true', '')] },
    { name: 'governance.emergency', meaning: '', fields: [rule('longest_minutes', '60', '', 'minutes')] },
  ],
};

/** What the app's Rust side answers, by command. `{ refused: … }` makes the command fail with it. */
export type Answers = Record<string, unknown>;

export function answers(now: Status | null, more: Answers = {}): Answers {
  const none = now === null;
  return {
    status: now,
    today: none ? [] : TODAY,
    decisions: DECISIONS,
    explain: EXPLAINED,
    verify: { attempt: 'wrong', tries_left: 2, wait_seconds: 0 },
    verify_ledger: { entries: 1284, head: 'b7c1f09e4d52a86e0f3a9a51c2d7764e3b10d5ff8a02c94e6671d0c3e85f2b19' },
    export_data: '/home/anna/Documents/stillyou-2026-03-12.jsonl',
    erase: { removed: ['key', 'keystroke/index', 'keystroke/2/0', 'keystroke/2/1', 'keystroke/2/2'], verified_absent: 9 },
    policy: POLICY,
    open_case: HELP,
    enter_document: { what: 'grant', case: CASES[1] },
    scan_document: { what: 'grant', case: CASES[1] },
    scan_request: CASE.request,
    enter_code: { what: 'grant', case: CASES[1] },
    cases: CASES,
    show_case: HELP,
    break_glass: { what: 'grant', case: CASES[1] },
    close_case: { ...CASE, state: 'closed' },
    export_case: '/home/anna/Downloads/stillyou-case-1.json',
    export_counts: '/home/anna/Downloads/stillyou-counts-1.json',
    own_roles: { person: 'ada', roles: ['service-desk', 'security'], has_key: true },
    read_request: REQUEST,
    read_grant: FIRST,
    issue_grant: SIGNED,
    countersign_grant: SIGNED,
    read_case: RECORD,
    review_case: SIGNED,
    report: FIGURES,
    stored: STORED,
    enroll: { keystrokes: 0, needed: 2000 },
    ...more,
  };
}

/** A live check in a step-up. */
export const CHECKING: Status = {
  ...STEP_UP,
  factors: ['face'],
  live_check: { progress: { state: 'do', act: 'turn-left', left: 2 }, outline: FACE.camera.enrolment?.outline ?? null },
};

/** A grant that is held before the camera in a step-up: one of its parts was read. */
export const SCANNING: Status = {
  ...STEP_UP,
  sensors: [...STEP_UP.sensors.slice(0, 2), { modality: 'face', state: 'on', may_turn_off: true }],
  scan: {
    taken: 1,
    needed: 4,
    hint: 'next-part',
    outline: { lines: [[[330, 130], [690, 150], [670, 520], [310, 500], [330, 130]]], height: 750, light: 62 },
  },
};
