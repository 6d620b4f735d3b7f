import type { Modality } from "./Modality";
import type { SensorState } from "./SensorState";

export type Sensor = { modality: Modality, state: SensorState, may_turn_off: boolean, };
