export type PolicyField = { name: string, value: string, default: string, meaning: string, unit: string, may: string, set_by: string | null, };
