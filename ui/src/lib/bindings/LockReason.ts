export type LockReason = "score" | "grace-over" | "failures" | "watch-lost" | "retry";
