import { refusal } from './api';
import type { Refusal } from './bindings/Refusal';
import { live } from './live.svelte';

/** Runs requests that need a fresh step-up: asks for one first where there is none, and holds what came of it. */
export class Guarded {
  busy = $state(false);
  failed = $state.raw<Refusal | null>(null);
  /** Whether the person must confirm before what they asked for is done. */
  asking = $state(false);
  #pending: (() => Promise<unknown>) | null = null;

  async run(request: () => Promise<unknown>): Promise<void> {
    this.failed = null;
    if (!live.fresh) return this.#ask(request);
    await this.#send(request);
  }

  /** Runs a request that needs no step-up. */
  async runFreely(request: () => Promise<unknown>): Promise<void> {
    this.failed = null;
    await this.#send(request);
  }

  async confirmed(): Promise<void> {
    const request = this.#pending;
    this.cancel();
    if (request !== null) await this.#send(request);
  }

  cancel(): void {
    this.asking = false;
    this.#pending = null;
  }

  #ask(request: () => Promise<unknown>): void {
    this.#pending = request;
    this.asking = true;
  }

  async #send(request: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    try {
      await request();
    } catch (error) {
      const why = refusal(error);
      if (why.kind === 'needs-step-up') this.#ask(request);
      else this.failed = why;
    } finally {
      this.busy = false;
    }
  }
}
