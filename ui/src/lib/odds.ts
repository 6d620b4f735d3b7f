import { inTwoDigits, inWhole } from './format';
import { t } from './i18n';

/** `log O` as "about 1 in 850 that somebody else is there". */
export function oddsInWords(logOdds: number): string {
  return logOdds >= 0 ? t('why-likely') : t('why-odds', { odds: oneIn(logOdds) });
}

export function beganInWords(logOdds: number): string {
  return logOdds >= 0 ? t('why-begun-likely') : t('why-begun', { odds: oneIn(logOdds) });
}

/** Nats as a factor a person can read: "2.1× likelier you". */
export function weightInWords(nats: number): string {
  const factor = Math.exp(Math.abs(nats));
  if (factor < 1.05) return t('why-hardly');
  const shown = factor < 10 ? inTwoDigits(factor) : inWhole(Number(factor.toPrecision(2)));
  return t(nats < 0 ? 'why-you' : 'why-other', { factor: shown });
}

function oneIn(logOdds: number): string {
  return inWhole(Number((1 + Math.exp(-logOdds)).toPrecision(2)));
}
