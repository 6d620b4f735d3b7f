import { cleanup } from '@testing-library/svelte';
import { clearMocks } from '@tauri-apps/api/mocks';
import { afterEach(async () => {
  vi.useRealTimers();
  cleanup();
  // The page takes its listener back a moment after it is gone.
  await new Promise((later) => setTimeout(later));
  clearMocks();
});
