export type View = "now" | "start" | "confirm" | "history" | "privacy" | "policy";
