export type MomentState = "verified" | "watch" | "step-up" | "learning" | "paused" | "locked" | "off";
