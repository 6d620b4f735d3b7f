import type { PolicyField } from "./PolicyField";

export type PolicySection = { name: string, meaning: string, fields: Array<PolicyField>, };
