export type StoredWhat = "template" | "key" | "ledger" | "policy" | "socket" | "log";
