import type { Trouble } from "./Trouble";

export type Health = { trouble: Trouble, why: string, };
