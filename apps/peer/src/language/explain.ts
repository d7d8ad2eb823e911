/** Errors of all packages as the one sentence of the language. */
import { explainError } from '@shoal/cli';
import { EngineError, type EngineErrorCode } from '@shoal/engine';
import { CommandError } from './command-error.ts';

/** What to do about an error of the engine; those not here go through `explainError`. */
const NEXT_STEPS: Partial<Readonly<Record<EngineErrorCode, string>>> = {
  duplicate: 'see it with /see_swarms',
  'no-such-peer': 'connect first with /connect_peer',
  'connect-failed': 'check that it runs and can be reached',
  'peer-banned': 'let it in again with /unban',
  'peer-refused': 'see the others with /see_connected',
  'no-such-piece': 'see them with /see_chunk_status',
  'peer-lacks-piece': 'ask another one of /see_connected',
  'piece-missing': 'fetch it first with /request_download',
  closed: 'the program is about to end',
};

/**
 * @param signal - of the command: when it was aborted, that is what happened
 * @returns undefined for an error that is nobody's but ours: a bug
 */
export function explain(error: unknown, signal: AbortSignal): CommandError | undefined {
  if (error instanceof CommandError) return error;
  if (signal.aborted)
    return new CommandError('stopped', 'It was given up before it was done', '', error);
  const nextStep = error instanceof EngineError ? NEXT_STEPS[error.code] : undefined;
  if (error instanceof EngineError && nextStep !== undefined)
    return new CommandError('failed', withoutStop(error.message), nextStep, error);
  const known = explainError(error);
  if (known === undefined) return undefined;
  const [what, next] = [withoutStop(known.sentence), withoutStop(known.nextStep)];
  return new CommandError('failed', what, next.charAt(0).toLowerCase() + next.slice(1), error);
}

function withoutStop(text: string): string {
  const bare = text.replace(/\.$/, '');
  return bare.startsWith('Peer[') ? bare : bare.charAt(0).toUpperCase() + bare.slice(1);
}
