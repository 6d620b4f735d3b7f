import { locale } from './i18n';

const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
const shortDay = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });
const dayAndClock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const dayAndYear = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const list = new Intl.ListFormat(locale, { type: 'conjunction' });

const unit = (name: string, display: 'long' | 'short' = 'short') =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: display, maximumFractionDigits: 1 });

export const inClock = (unixMs: number) => clock.format(unixMs);
export const inDay = (unixMs: number) => day.format(unixMs);
export const inShortDay = (unixMs: number) => shortDay.format(unixMs);
export const inDayAndYear = (unixMs: number) => dayAndYear.format(unixMs);
export const inDayAndClock = (unixMs: number) => dayAndClock.format(unixMs);
export const inWhole = (n: number) => whole.format(n);
export const inTwoDigits = (n: number) => twoDigits.format(n);
export const inPercent = (share: number) => percent.format(share);
export const inList = (items: string[]) => list.format(items);

/** A score, 0 to 100. Rounded towards doubt: only certainty itself reads 100. */
export const inScore = (score: number) => oneDecimal.format(Math.floor(score * 10) / 10);

/** "3 hr 5 min", "12 min", "8 sec"; or in full words. */
export function inDuration(ms: number, display: 'long' | 'short' = 'short'): string {
  const s = Math.round(ms / 1000);
  if (s < 60) return unit('second', display).format(s);
  const m = Math.round(s / 60);
  if (m < 60) return unit('minute', display).format(m);
  const rest = m % 60;
  const full = unit('hour', display).format(Math.floor(m / 60));
  return rest === 0 ? full : `${full} ${unit('minute', display).format(rest)}`;
}

/** "812 byte", "2.1 kB". */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return unit('byte').format(bytes);
  if (bytes < 1_000_000) return unit('kilobyte').format(bytes / 1000);
  return unit('megabyte').format(bytes / 1_000_000);
}
