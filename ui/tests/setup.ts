import { cleanup } from '@testing-library/svelte';
import { clearMocks } from '@tauri-apps/api/mocks';
import { afterEach, vi } from 'vitest';

// jsdom has no top layer: a dialog that is shown is one that is open. Tests outside a browser need none of it.
if (typeof HTMLDialogElement !== 'undefined') {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  window.scrollTo = () => {};

  afterEach(async () => {
    vi.useRealTimers();
    cleanup();
    // The page takes its listener back a moment after it is gone.
    await new Promise((later) => setTimeout(later));
    clearMocks();
  });
}
