export type Band = "verified" | "watch" | "step-up" | "lock";
