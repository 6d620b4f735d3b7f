import type { Event } from "./Event";

export type PastDecision = { entry: number, unix_ms: number, event: Event, score: number, };
