import type { Status } from './bindings/Status';
import { inDuration, inPercent } from './format';
import { t } from './i18n';
import type { Mood } from './mood';

/** A state in big words and in a sentence. */
export type Headline = { big: string; text: string };

/** What a mood is called. `seconds` and `paused` are the countdowns as they stand. */
export function headline(mood: Mood, status: Status | null, seconds: number | null, paused: number | null): Headline {
  const without = status?.without_biometrics;
  if (without && (mood === 'verified' || mood === 'watch')) {
    return { big: t('state-without'), text: t('state-without-text', { every: without.interval_minutes }) };
  }
  switch (mood) {
    case 'verified': return { big: t('state-verified'), text: t('state-verified-text') };
    case 'watch': return { big: t('state-watch'), text: t('state-watch-text') };
    case 'step-up': return { big: t('state-step-up'), text: stepUp(status, seconds) };
    case 'locked': {
      const byScore = status?.state.state === 'locked' && status.state.by_score;
      return { big: t('state-locked'), text: byScore ? t('state-locked-by-score-text') : t('state-locked-text') };
    }
    case 'learning': return { big: t('state-learning'), text: t('state-learning-text') };
    case 'enrolling': return { big: t('state-enrolling'), text: t('state-enrolling-text', { share: learnt(status) }) };
    case 'paused': return { big: t('state-paused'), text: t('state-paused-text', { left: inDuration((paused ?? 0) * 1000, 'long') }) };
    case 'trouble': return { big: t('state-trouble'), text: t('state-trouble-text', { count: status?.trouble.length ?? 0 }) };
    case 'off': return { big: t('state-off'), text: t('state-off-text') };
  }
}

function stepUp(status: Status | null, seconds: number | null): string {
  if (status?.state.state === 'step-up' && status.state.locking) return t('state-locking-text');
  return t('state-step-up-text', { seconds: seconds ?? 0 });
}

function learnt(status: Status | null): string {
  const progress = status?.enrolment;
  return inPercent(progress ? Math.min(1, progress.keystrokes / progress.needed) : 0);
}
