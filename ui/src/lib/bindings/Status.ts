import type { Circumstance } from "./Circumstance";
import type { Contribution } from "./Contribution";
import type { Enrolled } from "./Enrolled";
import type { Factor } from "./Factor";
import type { Health } from "./Health";
import type { Modality } from "./Modality";
import type { Progress } from "./Progress";
import type { Sensor } from "./Sensor";
import type { State } from "./State";
import type { StepUpReason } from "./StepUpReason";

export type Status = { state: State, seconds_left: number | null, score: number | null, log_odds: number | null, contributions: Array<Contribution> | null, enrolment: Progress | null, enrolment_problem: string | null, trouble: Array<Health>, circumstances: Array<Circumstance> | null, muted: Array<Modality>, keyboard: string | null, model: string, policy: Array<string>, keystrokes: number, paused_seconds: number | null, fresh_seconds: number | null, step_up_reason: StepUpReason | null, factors: Array<Factor>, sensors: Array<Sensor>, may_pause_minutes: number, enrolled: Enrolled | null, };
