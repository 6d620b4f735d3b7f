export type StepUpReason = "evidence" | "scheduled" | "after-unlock";
