import type { Page } from 'playwright-core';
import type { Status } from '../src/lib/bindings/Status';
import type { View } from '../src/lib/bindings/View';
import { CASE, CODE, REQUEST, SIGNED } from './case-fixtures.ts';
import { NOW } from './fixture-time.ts';
import {
  answers, CHECKING, ENROLLING, EXPLAINED_FACE, FACE, FRESH, GLASS, GRANTED, LEARNING, LEARNING_TODAY, LOCKED, LOCKING, MAY_BREAK_GLASS, PAUSED, SCANNING, STEP_UP, TODAY, TROUBLE, UNSEEN,
  VERIFIED, WATCH, type Answers,
} from './fixtures.ts';

/** A view as it is looked at and checked: what the Rust side answers, and what a person does there. */
export type Scene = { name: string; view: View; answers: Answers; act?: (page: Page) => Promise<void> };

const scene = (name: string, view: View, status: Status | null, act?: Scene['act'], more?: Answers): Scene => ({
  name, view, answers: answers(status, more), act,
});

const wrong = async (page: Page) => {
  await page.fill('input[type=password]', 'not it');
  await page.click('button[type=submit]');
  await page.waitForSelector('[role=alert]:has(svg)');
};

const getHelp = async (page: Page) => {
  // The shell makes room for it.
  await page.setViewportSize({ width: 560, height: 820 });
  await page.click('footer button.quiet');
  await page.waitForSelector('.help svg');
};

export const SCENES: Scene[] = [
  scene('now-verified', 'now', VERIFIED),
  scene('now-watch', 'now', WATCH),
  scene('now-step-up', 'now', STEP_UP),
  scene('now-locked', 'now', LOCKED),
  scene('now-learning', 'now', LEARNING, undefined, { today: LEARNING_TODAY }),
  scene('now-enrolling', 'now', ENROLLING, undefined, { today: LEARNING_TODAY }),
  scene('now-paused', 'now', PAUSED, undefined, { today: [...TODAY, { unix_ms: NOW - 120_000, state: 'paused' }] }),
  scene('now-trouble', 'now', TROUBLE),
  scene('now-no-agent', 'now', null),
  scene('now-reasons', 'now', FRESH),
  scene('now-ask', 'now', VERIFIED, async (page) => {
    await page.click('button[aria-expanded]');
    await page.click('button.main');
    await page.waitForSelector('dialog[open]');
  }),
  scene('start', 'start', LEARNING),
  scene('start-learning', 'start', ENROLLING),
  scene('start-done', 'start', VERIFIED),
  scene('start-face', 'start', FACE),
  scene('start-face-unseen', 'start', UNSEEN),
  scene('confirm', 'confirm', STEP_UP),
  scene('confirm-wrong', 'confirm', { ...STEP_UP, seconds_left: 8 }, wrong),
  scene('confirm-wait', 'confirm', STEP_UP, wrong, { verify: { attempt: 'wait', seconds: 30 } }),
  scene('confirm-by-choice', 'confirm', VERIFIED),
  scene('confirm-right', 'confirm', STEP_UP, async (page) => {
    await page.fill('input[type=password]', 'it');
    await page.click('button[type=submit]');
    await page.waitForSelector('h1');
  }, { verify: { attempt: 'verified' } }),
  scene('confirm-factors', 'confirm', { ...STEP_UP, factors: ['password', 'totp', 'recovery-code', 'face'] }, async (page) => {
    await page.click('fieldset label >> nth=1');
  }),
  scene('confirm-face', 'confirm', CHECKING, async (page) => {
    await page.click('button.main');
    await page.waitForSelector('.act');
  }, { check_face: 'never' }),
  scene('confirm-key', 'confirm', { ...STEP_UP, factors: ['security-key', 'pass-phrase', 'password'] }, async (page) => {
    await page.click('button.main');
    await page.waitForSelector('input[type=password]');
  }, { ask_key: true }),
  scene('confirm-touch', 'confirm', { ...STEP_UP, factors: ['security-key', 'password'] }, async (page) => {
    await page.click('button.main');
    await page.waitForSelector('.act');
  }, { ask_key: false, check_key: 'never' }),
  scene('confirm-locking', 'confirm', LOCKING),
  scene('confirm-help', 'confirm', STEP_UP, getHelp),
  scene('confirm-scan', 'confirm', SCANNING, async (page) => {
    await page.setViewportSize({ width: 560, height: 820 });
    await page.click('footer button.quiet');
    await page.click('.help .head button');
    await page.waitForSelector('.scan svg path');
  }, { scan_document: 'never' }),
  scene('now-granted', 'now', GRANTED),
  scene('now-glass', 'now', GLASS),
  scene('cases-closed', 'cases', VERIFIED),
  scene('cases', 'cases', FRESH, async (page) => {
    await page.click('li button >> nth=0');
    await page.waitForSelector('li svg');
  }),
  scene('cases-glass', 'cases', FRESH, async (page) => {
    await page.click('li button.grave');
    await page.waitForSelector('li form');
  }, { policy: MAY_BREAK_GLASS }),
  scene('approvals-second', 'approvals', FRESH, async (page) => {
    await page.fill('textarea', CASE.request);
    await page.click('form button >> nth=0');
    await page.waitForSelector('dl');
    await page.fill('textarea >> nth=1', SIGNED.text);
    await page.click('.row button >> nth=1');
    await page.waitForSelector('dl >> nth=1');
  }, { read_request: { ...REQUEST, profile: 'regulated', approvers: 2 } }),
  scene('approvals-review', 'approvals', FRESH, async (page) => {
    await page.setInputFiles('input[type=file] >> nth=0', { name: 'case.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await page.waitForSelector('dl');
  }),
  scene('approvals', 'approvals', FRESH, async (page) => {
    await page.fill('textarea', CASE.request);
    await page.click('form button >> nth=0');
    await page.waitForSelector('dl');
    await page.fill('input[maxlength]', 'a new keyboard; known by voice');
    await page.click('button.main');
    await page.waitForSelector('.sheet svg[role=img]');
  }),
  scene('approvals-report', 'approvals', FRESH, async (page) => {
    await page.click('.stack .row button:not(.quiet) >> nth=-1');
    await page.waitForSelector('figure');
  }),
  scene('approvals-none', 'approvals', VERIFIED, undefined, { own_roles: { person: 'pat', roles: [], has_key: false } }),
  scene('history-closed', 'history', VERIFIED),
  scene('history', 'history', FRESH, async (page) => {
    await page.click('li button[aria-expanded] >> nth=0');
    await page.waitForSelector('.proof');
  }),
  scene('history-face', 'history', FRESH, async (page) => {
    await page.click('li button[aria-expanded] >> nth=0');
    await page.waitForSelector('figure');
  }, { explain: EXPLAINED_FACE }),
  scene('privacy', 'privacy', VERIFIED),
  scene('privacy-totp', 'privacy', FRESH, async (page) => {
    await page.click('section[aria-labelledby=factors] button >> nth=0');
    await page.waitForSelector('.key');
  }, { set_up_totp: { uri: 'otpauth://totp/StillYou:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=StillYou&algorithm=SHA1&digits=6&period=30', code: CODE } }),
  scene('privacy-codes', 'privacy', FRESH, async (page) => {
    await page.click('section[aria-labelledby=factors] button >> nth=1');
    await page.waitForSelector('ol li');
  }, { make_recovery_codes: Array.from({ length: 10 }, (_, n) => `4T7Q-K0M2-XH9B-61R${n}`) }),
  scene('privacy-key', 'privacy', FRESH, async (page) => {
    await page.click('section[aria-labelledby=factors] .state button >> nth=2');
    await page.waitForSelector('form input[maxlength]');
  }, { set_up_key: true }),
  scene('privacy-pass-phrase', 'privacy', FRESH, async (page) => {
    await page.click('section[aria-labelledby=factors] .state button >> nth=3');
    await page.waitForSelector('input[autocomplete=new-password]');
  }),
  scene('privacy-without', 'privacy', { ...VERIFIED, consent: false, without_biometrics: { interval_minutes: 60, idle_minutes: 15 } }),
  scene('now-without', 'now', { ...VERIFIED, consent: false, without_biometrics: { interval_minutes: 60, idle_minutes: 15 } }),
  scene('privacy-erased', 'privacy', FRESH, async (page) => {
    await page.fill('form input', await page.evaluate(() => (document.documentElement.lang === 'de' ? 'löschen' : 'erase')));
    await page.click('button.grave');
    await page.waitForSelector('ul li.path');
  }),
  scene('policy', 'policy', VERIFIED),
];
