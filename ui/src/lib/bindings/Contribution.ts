export type Contribution = { cause: string, nats: number, };
