export type Modality = "keystroke" | "pointer" | "face";
