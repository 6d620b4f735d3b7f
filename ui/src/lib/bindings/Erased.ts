export type Erased = { removed: Array<string>, verified_absent: number, };
