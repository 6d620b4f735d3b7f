import type { Band } from "./Band";
import type { TrustTime } from "./TrustTime";

export type State = { "state": "learning" } | { "state": "watching", band: Band, } | { "state": "step-up", deadline: TrustTime, locking: boolean, } | { "state": "locked", by_score: boolean, } | { "state": "paused" };
