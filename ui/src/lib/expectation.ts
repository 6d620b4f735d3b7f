import type { Enrolled } from './bindings/Enrolled';
import { inPercent, inTwoDigits, inWhole } from './format';
import { t } from './i18n';

/** What the person may expect to be asked needlessly, in sentences. */
export function expectation({ step_ups_per_8h: rate, step_ups_per_8h_bound: bound, self_rejects }: Enrolled): string[] {
  const windows = t('start-expect-windows', { share: inPercent(self_rejects) });
  // Templates of older versions came without a forecast.
  if (rate === null || bound === null) return [windows];
  return [expected(rate), t('start-expect-bound', { bound: rounded(bound) }), windows];
}

function expected(rate: number): string {
  if (rate <= 0) return t('start-expect-none');
  if (rate >= 1) return t('start-expect-per-day', { rate: rounded(rate) });
  return t('start-expect-days', { days: Math.round(1 / rate) });
}

/** A number where a plural must agree with it; otherwise as it reads. */
function rounded(n: number): number | string {
  return n >= 10 ? inWhole(n) : n === 1 ? 1 : inTwoDigits(n);
}
