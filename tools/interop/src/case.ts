/** One thing to prove, with what it needs and how long it may take. */
import type { Arena } from './arena.ts';

export interface Case {
  /** Words that the command line can pick it by. */
  readonly name: string;
  /** Programs that must be on the path, Debian's `python3-NAME` modules; a desk without them skips the case, CI fails it. */
  readonly needs: readonly string[];
  /** False for a case that runs on this host alone, without namespaces. */
  readonly needsHosts: boolean;
  readonly limitS: number;
  run(arena: Arena): Promise<void>;
}
