import type { Status } from './bindings/Status';

/** The one state shown, of all that hold at a time: what asks something of the person comes first. */
export type Mood =
  | 'verified' | 'watch' | 'step-up' | 'locked' | 'learning' | 'enrolling' | 'paused' | 'trouble' | 'off';

/** The shapes of `icons/src/state`. */
export type Shape = 'verified' | 'watch' | 'step-up' | 'learning' | 'paused' | 'camera' | 'trouble' | 'locked' | 'off';

export function mood(status: Status | null): Mood {
  if (status === null) return 'off';
  const { state, trouble } = status;
  if (state.state === 'step-up') return 'step-up';
  if (state.state === 'locked') return 'locked';
  if (trouble.length > 0) return 'trouble';
  if (state.state === 'watching') return state.band === 'verified' ? 'verified' : 'watch';
  if (state.state === 'paused') return 'paused';
  return status.enrolment === null ? 'learning' : 'enrolling';
}

export const shapeOf = (mood: Mood): Shape => (mood === 'enrolling' ? 'learning' : mood);

/** The three tones a state may have; the shape says the rest. */
export type Tone = 'calm' | 'attention' | 'alarm' | 'plain';

const TONES: Record<Shape, Tone> = {
  verified: 'calm',
  learning: 'calm',
  watch: 'attention',
  'step-up': 'attention',
  camera: 'alarm',
  trouble: 'alarm',
  off: 'alarm',
  locked: 'plain',
  paused: 'plain',
};

export const toneOf = (shape: Shape): Tone => TONES[shape];
