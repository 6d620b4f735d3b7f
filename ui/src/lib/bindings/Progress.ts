export type Progress = { keystrokes: number, needed: number, };
