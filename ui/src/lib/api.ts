import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Attempt } from './bindings/Attempt';
import type { CaseShown } from './bindings/CaseShown';
import type { Decision } from './bindings/Decision';
import type { EnteredView } from './bindings/EnteredView';
import type { Erased } from './bindings/Erased';
import type { Explained } from './bindings/Explained';
import type { Figures } from './bindings/Figures';
import type { GrantView } from './bindings/GrantView';
import type { Help } from './bindings/Help';
import type { LedgerState } from './bindings/LedgerState';
import type { Modality } from './bindings/Modality';
import type { Moment } from './bindings/Moment';
import type { OwnRoles } from './bindings/OwnRoles';
import type { NewAuthenticator } from './bindings/NewAuthenticator';
import type { PastDecision } from './bindings/PastDecision';
import type { PolicyView } from './bindings/PolicyView';
import type { Progress } from './bindings/Progress';
import type { Refusal } from './bindings/Refusal';
import type { RecordView } from './bindings/RecordView';
import type { RequestView } from './bindings/RequestView';
import type { Signed } from './bindings/Signed';
import type { Status } from './bindings/Status';
import type { StoredItem } from './bindings/StoredItem';
import type { Verdict } from './bindings/Verdict';
import type { View } from './bindings/View';

/** Where things stand; null when no agent answers. */
export const status = () => invoke<Status | null>('status');
export const onStatus = (heard: (status: Status | null) => void) =>
  listen<Status | null>('status', (event) => heard(event.payload));

/** What is typed to prove who somebody is, by the byte that says which it is. */
const TAGS = { password: 1, totp: 2, 'recovery-code': 3, 'pass-phrase': 5 } as const;
export type Typed = keyof typeof TAGS;

/** Sends the secret as the raw body of one message, after the byte that says which it is, and overwrites both copies, whatever
 *  comes of it. */
export async function verify(typed: Typed, secret: Uint8Array): Promise<Attempt> {
  const body = new Uint8Array(1 + secret.length);
  body[0] = TAGS[typed];
  body.set(secret, 1);
  secret.fill(0);
  try {
    return await invoke<Attempt>('verify', body);
  } finally {
    body.fill(0);
  }
}

export const checkFace = () => invoke<Attempt>('check_face');
export const setUpTotp = () => invoke<NewAuthenticator>('set_up_totp');
export const confirmTotp = (code: string) => invoke<void>('confirm_totp', new TextEncoder().encode(code));
export const makeRecoveryCodes = () => invoke<string[]>('make_recovery_codes');
export const setUpPassPhrase = () => invoke<void>('set_up_pass_phrase');
/** Sends a new pass-phrase and overwrites it here. */
export async function confirmPassPhrase(typed: Uint8Array): Promise<void> {
  try {
    await invoke<void>('confirm_pass_phrase', typed);
  } finally {
    typed.fill(0);
  }
}

/** Begins with the security key that is plugged in; whether it wants its PIN. */
export const askKey = () => invoke<boolean>('ask_key');
export const setUpKey = () => invoke<boolean>('set_up_key');
/** Waits for a touch. */
export const checkKey = (pin: Uint8Array) => withPin<Attempt>('check_key', '', pin);
export const addKey = (name: string, pin: Uint8Array) => withPin<void>('add_key', name, pin);
export const removeKey = (name: string) => invoke<void>('remove_key', { name });

/** A key's name and its PIN as the raw body of one message: how long the name is, the name, the PIN. Both copies of the PIN
 *  are overwritten, whatever comes of it. */
async function withPin<T>(command: string, name: string, pin: Uint8Array): Promise<T> {
  const called = new TextEncoder().encode(name);
  const body = new Uint8Array([called.length, ...called, ...pin]);
  pin.fill(0);
  try {
    return await invoke<T>(command, body);
  } finally {
    body.fill(0);
  }
}

export const enroll = () => invoke<Progress>('enroll');
export const cancelEnrolment = () => invoke<void>('cancel_enrolment');
export const enrollFace = () => invoke<void>('enroll_face');
export const cancelFace = () => invoke<void>('cancel_face');
export const explain = (entry: number) => invoke<Explained>('explain', { entry });
export const decisions = () => invoke<PastDecision[]>('decisions');
export const today = () => invoke<Moment[]>('today');
export const verifyLedger = () => invoke<LedgerState>('verify_ledger');
export const exportData = () => invoke<string>('export_data');
export const erase = () => invoke<Erased>('erase');
export const withdrawConsent = () => invoke<Erased>('withdraw_consent');
export const pause = (minutes: number) => invoke<void>('pause', { minutes });
export const resume = () => invoke<void>('resume');
export const lockNow = () => invoke<void>('lock_now');
export const startAgent = () => invoke<void>('start_agent');
export const setSensor = (modality: Modality, on: boolean) => invoke<void>('set_sensor', { modality, on });
export const policy = () => invoke<PolicyView>('policy');
export const stored = () => invoke<StoredItem[]>('stored');
export const openWindow = (view: View) => invoke<void>('open_window', { view });
export const closeWindow = () => invoke<void>('close_window');

/** Get help: a case for the step-up that is open, with its code. */
export const openCase = (modality: Modality | null = null, cannotUse = false, unsuitable = false) =>
  invoke<Help>('open_case', { modality, cannotUse, unsuitable });
/** A grant, a revocation or a review, as it was pasted. */
export const enterDocument = (text: string) => invoke<EnteredView>('enter_document', { text });
/** The same, held before the camera; another person's case, as text. `cancelFace` stops it. */
export const scanDocument = () => invoke<EnteredView>('scan_document');
export const scanRequest = () => invoke<string>('scan_request');
/** The digits that an approver said. */
export const enterCode = (id: string, approver: string, minutes: number, said: string) =>
  invoke<EnteredView>('enter_code', { case: id, approver, minutes, said });
export const cases = () => invoke<CaseShown[]>('cases');
export const showCase = (id: string) => invoke<Help>('show_case', { case: id });
export const closeCase = (id: string) => invoke<CaseShown>('close_case', { case: id });
/** Goes on at once without an approver, loudly. */
export const breakGlass = (id: string, reason: string) => invoke<EnteredView>('break_glass', { case: id, reason });
export const exportCase = (id: string, page: boolean) => invoke<string>('export_case', { case: id, page });
export const exportCounts = () => invoke<string>('export_counts');
export const ownRoles = () => invoke<OwnRoles>('own_roles');
export const readRequest = (text: string) => invoke<RequestView>('read_request', { text });
export const readGrant = (text: string) => invoke<GrantView>('read_grant', { text });
export const issueGrant = (request: string, decision: Decision) => invoke<Signed>('issue_grant', { request, decision });
export const countersignGrant = (request: string, grant: string) => invoke<Signed>('countersign_grant', { request, grant });
export const readCase = (exported: string) => invoke<RecordView>('read_case', { exported });
export const reviewCase = (exported: string, verdict: Verdict, note: string) =>
  invoke<Signed>('review_case', { exported, verdict, note });
export const report = (files: string[]) => invoke<Figures>('report', { files });

/** What a command failed with, as the contract has it; anything else is a failure with its own words. */
export function refusal(error: unknown): Refusal {
  if (typeof error === 'object' && error !== null && 'kind' in error && 'why' in error) return error as Refusal;
  return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
}
