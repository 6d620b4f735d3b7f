import type { Contribution } from "./Contribution";
import type { Event } from "./Event";

export type Explained = { entry: number | null, unix_ms: number | null, event: Event | null, score: number, log_odds: number, start: number, contributions: Array<Contribution>, recomputes: boolean, };
