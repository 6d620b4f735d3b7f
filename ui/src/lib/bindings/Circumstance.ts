export type Circumstance = "remote-session" | "screen-shared" | "unknown-network" | "switched-away" | "new-device" | "injected-input";
