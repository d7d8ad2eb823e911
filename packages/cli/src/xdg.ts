/** Where state and configuration live: the XDG base folders. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `$XDG_STATE_HOME/shoal`, by default `~/.local/state/shoal`. A path that is not absolute is ignored. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env, home = homedir()): string {
  return join(base(env.XDG_STATE_HOME, join(home, '.local', 'state')), 'shoal');
}

/** `$XDG_CONFIG_HOME/shoal`, by default `~/.config/shoal`. A path that is not absolute is ignored. */
export function configFolder(env: NodeJS.ProcessEnv = process.env, home = homedir()): string {
  return join(base(env.XDG_CONFIG_HOME, join(home, '.config')), 'shoal');
}

function base(given: string | undefined, fallback: string): string {
  return given !== undefined && isAbsolute(given) ? given : fallback;
}
