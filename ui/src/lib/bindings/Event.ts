import type { Band } from "./Band";
import type { Factor } from "./Factor";
import type { LockReason } from "./LockReason";
import type { Modality } from "./Modality";
import type { StepUpEnd } from "./StepUpEnd";
import type { StepUpReason } from "./StepUpReason";
import type { Trouble } from "./Trouble";
import type { TrustTime } from "./TrustTime";

export type Event = { "event": "begun" } | { "event": "learning-again" } | { "event": "band-changed", from: Band, to: Band, } | { "event": "step-up-asked", reason: StepUpReason, forced_by: Modality | null, deadline: TrustTime, } | { "event": "verified", factor: Factor, } | { "event": "step-up-failed", failures: number, } | { "event": "step-up-ended", how: StepUpEnd, } | { "event": "lock-asked", reason: LockReason, } | { "event": "locked", by_score: boolean, } | { "event": "unlocked" } | { "event": "muted", modality: Modality, } | { "event": "trouble-began", trouble: Trouble, } | { "event": "trouble-ended", trouble: Trouble, };
