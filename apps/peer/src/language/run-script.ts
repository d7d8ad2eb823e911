/** Runs lines of the command language one after another, without a screen. */
import { cleanText, type Reporter } from '@shoal/cli';
import { CommandError } from './command-error.ts';
import type { Host } from './host.ts';
import { runLine } from './run-line.ts';

/** How long the check of what lies on disk is waited for between looks. */
const LOOK_EVERY_MS = 50;
/** Progress of a command is an event at most this often. */
const PROGRESS_EVERY_MS = 1_000;

export interface ScriptOptions {
  /** Gives the script up. */
  readonly signal: AbortSignal;
  /** Asked after each line: `/quit` was said. */
  readonly hasEnded: () => boolean;
}

/**
 * Says each answer as text, or as a JSON object a line: `answer`, `progress` or `error` events with
 * the number and the words of their line. A line that fails does not stop the ones after it. Blank
 * lines and those that begin with `#` are left out. What was added is checked on disk before the
 * next line runs.
 * @returns whether every command went well
 * @throws the signal's reason
 */
export async function runScript(
  host: Host,
  lines: AsyncIterable<string> | Iterable<string>,
  reporter: Reporter,
  { signal, hasEnded }: ScriptOptions,
): Promise<boolean> {
  let isWell = true;
  let number = 0;
  for await (const text of lines) {
    number++;
    const command = text.trim();
    if (command === '' || command.startsWith('#')) continue;
    await checked(host, signal);
    const line = { line: number, command };
    try {
      await say(host, line, reporter, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CommandError)) throw error;
      isWell = false;
      const { code, message } = error;
      reporter.event('error', { ...line, code, message });
      if (!reporter.isJson) reporter.log(`line ${number}: ${message}`);
    }
    if (hasEnded()) break;
  }
  signal.throwIfAborted();
  return isWell;
}

interface Line {
  /** From 1 on. */
  readonly line: number;
  readonly command: string;
}

async function say(host: Host, line: Line, reporter: Reporter, signal: AbortSignal): Promise<void> {
  let eventAtMs = host.clock.nowMs();
  for await (const { kind, text, fields } of runLine(host, line.command, signal)) {
    if (kind === 'line') {
      reporter.event('answer', { ...line, text, ...fields });
      reporter.say(text);
      continue;
    }
    reporter.progress((width) => cleanText(text, width));
    if (host.clock.nowMs() - eventAtMs < PROGRESS_EVERY_MS) continue;
    eventAtMs = host.clock.nowMs();
    reporter.event('progress', { ...line, text, ...fields });
  }
}

/** A script has nobody who would look and wait. */
async function checked({ engine, clock }: Host, signal: AbortSignal): Promise<void> {
  while (engine.getSnapshot().torrents.some(({ status }) => status === 'checking')) {
    signal.throwIfAborted();
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
  }
}
