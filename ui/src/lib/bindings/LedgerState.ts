export type LedgerState = { entries: number, head: string | null, };
