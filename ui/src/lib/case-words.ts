import type { AdviceView } from './bindings/AdviceView';
import type { CaseState } from './bindings/CaseState';
import type { Cause } from './bindings/Cause';
import type { Change } from './bindings/Change';
import type { Channel } from './bindings/Channel';
import type { Controls } from './bindings/Controls';
import type { End } from './bindings/End';
import type { Entered } from './bindings/Entered';
import type { EnteredView } from './bindings/EnteredView';
import type { Factor } from './bindings/Factor';
import type { HowView } from './bindings/HowView';
import type { PatternView } from './bindings/PatternView';
import type { Profile } from './bindings/Profile';
import type { Role } from './bindings/Role';
import type { Scope } from './bindings/Scope';
import type { SignatureView } from './bindings/SignatureView';
import type { Verdict } from './bindings/Verdict';
import { inList } from './format';
import { t } from './i18n';
import { factorInWords, sensorInWords } from './words';

const STATES: Record<CaseState, string> = {
  open: 'case-state-open',
  granted: 'case-state-granted',
  ended: 'case-state-ended',
  closed: 'case-state-closed',
  reviewed: 'case-state-reviewed',
};
/** With what replaces a modality, where the grant declared it unsuitable. */
export const caseStateInWords = (state: CaseState, instead: Factor | null = null) =>
  t(state === 'granted' && instead !== null ? 'case-state-declared' : STATES[state]);

const CAUSES: Record<Cause, string> = {
  sensor: 'case-cause-sensor',
  environment: 'case-cause-environment',
  accessibility: 'case-cause-accessibility',
  drift: 'case-cause-drift',
  'suspected-abuse': 'case-cause-suspected-abuse',
  unknown: 'case-cause-unknown',
  'not-measured': 'case-cause-not-measured',
};
export const caseCauseInWords = (cause: Cause) => t(CAUSES[cause]);

const PROFILES: Record<Profile, string> = {
  standard: 'profile-standard',
  remote: 'profile-remote',
  regulated: 'profile-regulated',
  privileged: 'profile-privileged',
  accessibility: 'profile-accessibility',
  emergency: 'profile-emergency',
};
export const profileInWords = (profile: Profile) => t(PROFILES[profile]);

const ROLES: Record<Role, string> = {
  'service-desk': 'role-service-desk',
  security: 'role-security',
  manager: 'role-manager',
};
export const roleInWords = (role: Role) => t(ROLES[role]);

const CHANNELS: Record<Channel, string> = {
  'call-back': 'channel-call-back',
  video: 'channel-video',
  'in-person': 'channel-in-person',
};
export const channelInWords = (channel: Channel) => t(CHANNELS[channel]);

/** What a grant lets a person do. */
export function scopeInWords(scope: Scope): string {
  switch (scope.kind) {
    case 'set-aside': return t('scope-set-aside', { sensor: sensorInWords(scope.modality) });
    case 'non-biometric': return t('scope-non-biometric');
    case 'unsuitable':
      return t('scope-unsuitable', { sensor: sensorInWords(scope.modality), factor: factorInWords(scope.instead) });
  }
}

/** What makes up for the missing proof. */
export const controlsInWords = ({ reverify_minutes, hazard_factor, audits_per_hour }: Controls) =>
  t('approve-controls-text', { minutes: reverify_minutes, factor: hazard_factor, looks: audits_per_hour });

/** Whose signature it is, by this computer's policy. */
export function signatureInWords(signature: SignatureView): string {
  const { signer } = signature;
  switch (signature.standing) {
    case 'good': return t('signature-good', { signer, roles: inList(signature.roles.map(roleInWords)) });
    case 'bad': return t('signature-bad', { signer });
    case 'unknown': return t('signature-unknown', { signer });
  }
}

const HOWS: Record<HowView, string> = {
  signature: 'how-signature',
  voice: 'how-voice',
  emergency: 'how-emergency',
};
export const howInWords = (how: HowView) => t(HOWS[how]);

const ENDS: Record<End, string> = {
  expired: 'end-expired',
  revoked: 'end-revoked',
  'given-up': 'end-given-up',
  lapsed: 'end-lapsed',
};
export const endInWords = (why: End, when: string) => t(ENDS[why], { when });

const VERDICTS: Record<Verdict, string> = {
  justified: 'verdict-justified',
  'not-justified': 'verdict-not-justified',
  abuse: 'verdict-abuse',
};
export const verdictInWords = (verdict: Verdict) => t(VERDICTS[verdict]);

const ENTERED: Record<Entered, string> = {
  grant: 'entered-grant',
  revocation: 'entered-revocation',
  review: 'entered-review',
};
export const enteredInWords = ({ what, case: of }: EnteredView) =>
  t(what === 'grant' && of !== null && of.instead !== null ? 'entered-declaration' : ENTERED[what]);

const CHANGES: Record<Change, string> = {
  sensor: 'report-change-sensor',
  environment: 'report-change-environment',
  modality: 'report-change-modality',
  enrolment: 'report-change-enrolment',
  threshold: 'report-change-threshold',
};

/** What to change, with the numbers. */
export const adviceInWords = ({ modality, change, failures, of, people }: AdviceView) =>
  t(CHANGES[change], { sensor: sensorInWords(modality), failures, of, people });

const PATTERNS = {
  'near-lockouts': 'report-pattern-near-lockouts',
  'one-approver': 'report-pattern-one-approver',
  'one-device': 'report-pattern-one-device',
};

/** A sign of abuse, with the numbers. */
export const patternInWords = ({ kind, name, times, of }: PatternView) => t(PATTERNS[kind], { name, times, of });

const TABLES: Record<string, string> = {
  modality: 'report-by-modality',
  cause: 'report-by-cause',
  sensor: 'report-by-sensor',
  outcome: 'report-by-outcome',
};
export const tableInWords = (by: string) => t(TABLES[by] ?? 'report-by-sensor');

const OUTCOMES: Record<string, string> = { 'false reject': 'report-false-reject', unsettled: 'report-unsettled' };

/** What a figure is of, in a table by something. */
export function barInWords(by: string, name: string): string {
  if (by === 'cause' && name in CAUSES) return caseCauseInWords(name as Cause);
  if (by === 'modality' && (name === 'keystroke' || name === 'pointer' || name === 'face')) return sensorInWords(name);
  if (by === 'modality') return t('case-nothing-in-particular');
  const outcome = OUTCOMES[name];
  return by === 'outcome' && outcome !== undefined ? t(outcome) : name;
}
