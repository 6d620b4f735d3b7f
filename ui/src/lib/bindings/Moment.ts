import type { MomentState } from "./MomentState";

export type Moment = { unix_ms: number, state: MomentState, };
