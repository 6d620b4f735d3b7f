import type { Act } from './bindings/Act';
import type { Attempt } from './bindings/Attempt';
import type { Check } from './bindings/Check';
import type { Circumstance } from './bindings/Circumstance';
import type { Event } from './bindings/Event';
import type { Factor } from './bindings/Factor';
import type { Hint } from './bindings/Hint';
import type { Modality } from './bindings/Modality';
import type { MomentState } from './bindings/MomentState';
import type { Pose } from './bindings/Pose';
import type { Refusal } from './bindings/Refusal';
import type { ScanHint } from './bindings/ScanHint';
import type { SensorState } from './bindings/SensorState';
import type { StepUpReason } from './bindings/StepUpReason';
import type { StoredWhat } from './bindings/StoredWhat';
import type { Trouble } from './bindings/Trouble';
import type { Shape } from './mood';
import { inList } from './format';
import { t } from './i18n';

const CAUSES: Record<string, string> = {
  'hold time of common letters': 'cause-common-hold',
  'hold time of rare letters': 'cause-rare-hold',
  'hold time of the space bar': 'cause-space-hold',
  'hold time of other keys': 'cause-other-hold',
  'rhythm of letters of one hand': 'cause-one-hand',
  'rhythm of letters of both hands': 'cause-two-hands',
  'pauses between words': 'cause-words',
  'pauses around corrections': 'cause-corrections',
  'pauses around punctuation and other keys': 'cause-other-gap',
  'typing speed': 'cause-speed',
  'typing that no hand makes': 'cause-machine',
  'typing that repeats itself': 'cause-replay',
  'pauses between movements': 'cause-pointer-rhythm',
  'how clicks are made': 'cause-pointer-clicks',
  'speed of the pointer': 'cause-pointer-speed',
  'speeding up and slowing down': 'cause-pointer-changes',
  'curves of the pointer\'s path': 'cause-pointer-path',
  'time without proof': 'cause-time',
  'session unlocked': 'cause-unlock',
  keystroke: 'cause-typing',
  pointer: 'cause-pointer',
  face: 'cause-face',
  'likeness of the face': 'cause-likeness',
  'looks like a picture or a screen': 'cause-looks-like-an-attack',
  'frames that were there before': 'cause-repeats',
  'face and background move as one': 'cause-plane',
  'a head that keeps perfectly still': 'cause-still',
  'eyes that never blink': 'cause-no-blink',
  'no protection against pictures and screens': 'cause-no-pad',
  'a camera that is not the known one': 'cause-camera-doubt',
  'time in a remote session': 'cause-remote-session',
  'time with the screen shared': 'cause-screen-shared',
  'time on an unknown network': 'cause-unknown-network',
  'time with another session in front': 'cause-switched-away',
  'time after a new keyboard or pointer': 'cause-new-device',
  'time after input that a program made': 'cause-injected-input',
  'time after the camera saw somebody look away': 'cause-looking-away',
  'time after the camera saw more than one person': 'cause-several-people',
  'time after the camera saw somebody else': 'cause-somebody-else',
};

const PARTS: Record<string, string> = {
  'forehead and hair': 'part-forehead',
  'eyes and brows': 'part-eyes',
  'nose and cheeks': 'part-nose',
  'mouth and chin': 'part-mouth',
};

/** A part of the face, as `face_parts` of the agent names it. */
export function partInWords(part: string): string {
  const id = PARTS[part];
  return id === undefined ? part : t(id);
}

/** A cause in the person's language; one that is not known stays as the agent says it. */
export function causeInWords(cause: string): string {
  const id = CAUSES[cause];
  return id === undefined ? cause : t(id);
}

const SENSORS: Record<Modality, string> = {
  keystroke: 'sensor-keystroke',
  pointer: 'sensor-pointer',
  face: 'sensor-face',
};
export const sensorInWords = (modality: Modality) => t(SENSORS[modality]);

const POSES: Record<Pose, string> = {
  ahead: 'face-hint-ahead',
  left: 'face-hint-left',
  right: 'face-hint-right',
  up: 'face-hint-up',
  down: 'face-hint-down',
};
const HINTS: Record<Exclude<Hint['hint'], 'turn'>, string> = {
  'nobody-there': 'face-hint-nobody-there',
  'one-person-only': 'face-hint-one-person-only',
  'come-closer': 'face-hint-come-closer',
  'move-back': 'face-hint-move-back',
  'more-light': 'face-hint-more-light',
  'less-light': 'face-hint-less-light',
  'keep-still': 'face-hint-keep-still',
  done: 'face-hint-done',
};

/** What to do while the face is learnt. */
export const hintInWords = (hint: Hint) => t(hint.hint === 'turn' ? POSES[hint.pose] : HINTS[hint.hint]);

const SCAN_HINTS: Record<ScanHint, string> = {
  'no-code': 'scan-no-code',
  'more-light': 'scan-more-light',
  'come-closer': 'face-hint-come-closer',
  'keep-still': 'scan-keep-still',
  'other-code': 'scan-other-code',
  'next-part': 'scan-next-part',
};
export const scanHintInWords = (hint: ScanHint) => t(SCAN_HINTS[hint]);

const WAYS: Record<Factor, string> = {
  password: 'way-password',
  totp: 'way-totp',
  'recovery-code': 'way-recovery-code',
  'security-key': 'way-security-key',
  'pass-phrase': 'way-pass-phrase',
  face: 'way-face',
  override: 'factor-override',
};
/** A factor by its name. */
export const wayInWords = (factor: Factor) => t(WAYS[factor]);

const ACTS: Record<Act, string> = {
  blink: 'check-blink',
  'turn-left': 'check-turn-left',
  'turn-right': 'check-turn-right',
  'look-up': 'check-look-up',
};

/** What to do in a live check. */
export const actInWords = (check: Check) => t(check.state === 'do' ? ACTS[check.act] : 'face-hint-ahead');

/** What came of an attempt that did not verify. */
export function attemptInWords(attempt: Attempt): string {
  switch (attempt.attempt) {
    case 'verified': return '';
    case 'more': return t('confirm-more', { factors: attempt.factors });
    case 'wrong':
      if (attempt.why !== null) return t('confirm-refused', { why: attempt.why });
      return attempt.wait_seconds > 0
        ? t('confirm-wait', { seconds: attempt.wait_seconds })
        : t('confirm-wrong', { tries: attempt.tries_left });
    case 'wait': return t('confirm-wait', { seconds: attempt.seconds });
    case 'disabled': return t('confirm-disabled');
    case 'unavailable': return t('confirm-unavailable', { why: attempt.why });
  }
}

const SENSOR_STATES: Record<SensorState, string> = {
  on: 'sensor-on',
  ready: 'sensor-ready',
  off: 'sensor-off',
  'not-seen': 'sensor-not-seen',
  'not-learnt': 'sensor-not-learnt',
  'not-there': 'sensor-not-there',
};
export const sensorStateInWords = (state: SensorState) => t(SENSOR_STATES[state]);

const SENSOR_TEXTS: Record<Modality, string> = {
  keystroke: 'privacy-keystroke-text',
  pointer: 'privacy-pointer-text',
  face: 'privacy-face-text',
};
export const whatItSees = (modality: Modality) => t(SENSOR_TEXTS[modality]);

const TROUBLES: Record<Trouble, string> = {
  'cannot-lock': 'trouble-cannot-lock',
  'keyboard-not-visible': 'trouble-keyboard-not-visible',
  'no-keyboard': 'trouble-no-keyboard',
  'keychain-unavailable': 'trouble-keychain-unavailable',
  'template-unusable': 'trouble-template-unusable',
  'lock-state-unknown': 'trouble-lock-state-unknown',
  'ledger-unavailable': 'trouble-ledger-unavailable',
  'ledger-refused': 'trouble-ledger-refused',
  'model-failed': 'trouble-model-failed',
  'policy-unusable': 'trouble-policy-unusable',
  'pointer-not-visible': 'trouble-pointer-not-visible',
  'context-not-visible': 'trouble-context-not-visible',
  'camera-blind': 'trouble-camera-blind',
  'others-not-told': 'trouble-others-not-told',
};
export const troubleInWords = (trouble: Trouble) => t(TROUBLES[trouble]);

const CIRCUMSTANCES: Record<Circumstance, string> = {
  'remote-session': 'circumstance-remote-session',
  'screen-shared': 'circumstance-screen-shared',
  'unknown-network': 'circumstance-unknown-network',
  'switched-away': 'circumstance-switched-away',
  'new-device': 'circumstance-new-device',
  'injected-input': 'circumstance-injected-input',
  'looking-away': 'circumstance-looking-away',
  'several-people': 'circumstance-several-people',
  'somebody-else': 'circumstance-somebody-else',
};
export const circumstanceInWords = (circumstance: Circumstance) => t(CIRCUMSTANCES[circumstance]);

const REASONS: Record<StepUpReason, string> = {
  evidence: 'confirm-why-evidence',
  scheduled: 'confirm-why-scheduled',
  'after-unlock': 'confirm-why-after-unlock',
};
export const reasonInWords = (reason: StepUpReason) => t(REASONS[reason]);

const FACTORS: Record<Factor, string> = {
  password: 'factor-password',
  totp: 'factor-totp',
  'recovery-code': 'factor-recovery-code',
  'security-key': 'factor-security-key',
  'pass-phrase': 'factor-pass-phrase',
  face: 'factor-face',
  override: 'factor-override',
};
export const factorInWords = (factor: Factor) => t(FACTORS[factor]);

const MOMENTS: Record<MomentState, string> = {
  verified: 'moment-verified',
  watch: 'moment-watch',
  'step-up': 'moment-step-up',
  learning: 'moment-learning',
  paused: 'moment-paused',
  locked: 'moment-locked',
  off: 'moment-off',
};
export const momentInWords = (state: MomentState) => t(MOMENTS[state]);

const STORED: Record<StoredWhat, string> = {
  template: 'stored-template',
  key: 'stored-key',
  ledger: 'stored-ledger',
  policy: 'stored-policy',
};
export const storedInWords = (what: StoredWhat) => t(STORED[what]);

export function refusalInWords({ kind, why }: Refusal): string {
  switch (kind) {
    case 'no-agent': return t('error-no-agent');
    case 'needs-step-up': return t('error-needs-step-up');
    case 'refused': return t('error-refused', { why });
    case 'failed': return t('error-failed', { why });
  }
}

const BANDS = {
  verified: 'event-band-verified',
  watch: 'event-band-watch',
  'step-up': 'event-band-step-up',
  lock: 'event-band-lock',
};
const ASKED: Record<StepUpReason, string> = {
  evidence: 'event-step-up-evidence',
  scheduled: 'event-step-up-scheduled',
  'after-unlock': 'event-step-up-after-unlock',
};
const LOCKS = {
  score: 'event-lock-score',
  'grace-over': 'event-lock-grace-over',
  failures: 'event-lock-failures',
  'watch-lost': 'event-lock-watch-lost',
  left: 'event-lock-left',
  retry: 'event-lock-retry',
};

/** What was decided, in words. */
export function eventInWords(event: Event): string {
  switch (event.event) {
    case 'begun': return t('event-begun');
    case 'learning-again': return t('event-learning-again');
    case 'band-changed': return t(BANDS[event.to]);
    case 'step-up-asked': {
      const pointer = event.reason === 'evidence' && event.forced_by === 'pointer';
      return t(pointer ? 'event-step-up-evidence-pointer' : ASKED[event.reason]);
    }
    case 'verified': return t(event.factor === 'override' ? 'event-vouched' : 'event-verified');
    case 'step-up-failed': return t('event-step-up-failed', { failures: event.failures });
    case 'step-up-ended': return t(event.how === 'verified' ? 'event-step-up-ended-verified' : 'event-step-up-ended-locked');
    case 'lock-asked': return t(LOCKS[event.reason]);
    case 'locked': return t('event-locked');
    case 'unlocked': return t('event-unlocked');
    case 'paused': return t('event-paused');
    case 'resumed': return t('event-resumed');
    case 'muted': return t('event-muted', { sensor: sensorInWords(event.modality) });
    case 'override-began': return t('event-override-began', { sensors: inList(event.set_aside.map(sensorInWords)) });
    case 'override-ended': return t('event-override-ended');
    case 'trouble-began': return t('event-trouble-began', { trouble: troubleInWords(event.trouble) });
    case 'trouble-ended': return t('event-trouble-ended', { trouble: troubleInWords(event.trouble) });
  }
}

/** The shape that stands for what was decided. */
export function shapeOfEvent(event: Event): Shape {
  switch (event.event) {
    case 'band-changed': return event.to === 'verified' || event.to === 'watch' ? event.to : 'step-up';
    case 'step-up-asked':
    case 'step-up-failed': return 'step-up';
    case 'lock-asked':
    case 'locked': return 'locked';
    case 'step-up-ended': return event.how === 'verified' ? 'verified' : 'locked';
    case 'learning-again': return 'learning';
    case 'paused': return 'paused';
    case 'resumed': return 'watch';
    case 'muted': return 'paused';
    case 'override-began': return 'watch';
    case 'trouble-began': return 'trouble';
    default: return 'verified';
  }
}
