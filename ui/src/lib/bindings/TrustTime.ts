export type TrustTime = { secs: number, nanos: number, };
