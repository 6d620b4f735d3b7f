import type { PolicySection } from "./PolicySection";

export type PolicyView = { files: Array<string>, sections: Array<PolicySection>, };
