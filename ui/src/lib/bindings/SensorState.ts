export type SensorState = "on" | "off" | "not-seen" | "not-there";
