import * as api from './api';
import type { Status } from './bindings/Status';

/** Where things stand, kept up to date, with every countdown going on between two reports. */
class Live {
  /** Null when no agent answers; undefined until the first answer. */
  status = $state.raw<Status | null | undefined>(undefined);
  #heardAt = $state(0);
  #now = $state(0);

  /** Seconds left to answer an open step-up. */
  secondsLeft = $derived(this.#left(this.status?.seconds_left));
  /** Seconds for which the last step-up still counts; 0: it doesn't. */
  freshSeconds = $derived(this.#left(this.status?.fresh_seconds) ?? 0);
  pausedSeconds = $derived(this.#left(this.status?.paused_seconds));
  fresh = $derived(this.freshSeconds > 0);

  /** Begins to listen; the returned function ends it. */
  start(): () => void {
    let over = false;
    const unlisten = api.onStatus((status) => this.#heard(status));
    // Asked after the listener is there, so that no change falls between the two.
    void unlisten
      .then(() => api.status())
      .then((status) => over || this.#heard(status))
      .catch(() => over || this.#heard(null));
    const tick = setInterval(() => this.#counting() && (this.#now = performance.now()), 250);
    return () => {
      over = true;
      clearInterval(tick);
      this.status = undefined;
      void unlisten.then((stop) => stop());
    };
  }

  #heard(status: Status | null): void {
    this.#heardAt = this.#now = performance.now();
    this.status = status;
  }

  #counting(): boolean {
    const s = this.status;
    return s != null && (s.seconds_left ?? s.fresh_seconds ?? s.paused_seconds) !== null;
  }

  #left(seconds: number | null | undefined): number | null {
    if (seconds == null) return null;
    return Math.max(0, Math.ceil(seconds - (this.#now - this.#heardAt) / 1000));
  }
}

export const live = new Live();
