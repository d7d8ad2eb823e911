/** What this program calls itself. */
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** User-Agent, `created by` and extension `v`. */
export const USER_AGENT = `Shoal/${VERSION}`;
