export type RefusalKind = "no-agent" | "needs-step-up" | "refused" | "failed";
