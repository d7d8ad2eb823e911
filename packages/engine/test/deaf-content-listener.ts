import type { ContentListener } from '../src/content.ts';

const ignore = (): void => {};

/** For tests that look at the content itself. */
export const deafContentListener: ContentListener = {
  handleVerified: ignore,
  handleHashFailed: ignore,
  handleGuilty: ignore,
  handleLost: ignore,
  handleChanged: ignore,
  handleWebSeedTrouble: ignore,
  handleStoreFault: ignore,
};
