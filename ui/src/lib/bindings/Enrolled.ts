export type Enrolled = { keystrokes: number, self_rejects: number, step_ups_per_8h: number, step_ups_per_8h_bound: number, };
