/** The moment at which every fixture stands: a Thursday afternoon. */
export const NOW = Date.parse('2026-03-12T15:42:00+01:00');
/** A time of that month, by default of that day. */
export const at = (clock: string, day = 12) => Date.parse(`2026-03-${day}T${clock}:00+01:00`);
