import type { StoredWhat } from "./StoredWhat";

export type StoredItem = { what: StoredWhat, place: string, bytes: number | null, detail: string, };
