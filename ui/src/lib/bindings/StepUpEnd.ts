export type StepUpEnd = "verified" | "locked";
