import type { RefusalKind } from "./RefusalKind";

export type Refusal = { kind: RefusalKind, why: string, };
