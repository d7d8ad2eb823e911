/** The command language as the screen's prompt. */
import { join } from 'node:path';
import process from 'node:process';
import { type SwarmFlags, stateFolder } from '@shoal/cli';
import type { EngineHandle } from '@shoal/engine';
import type { Intake } from './intake.ts';
import { completeSource } from './language/complete-source.ts';
import { HistoryFile } from './language/history-file.ts';
import { ProgramHost } from './language/program-host.ts';
import { Prompt } from './language/prompt.ts';
import { findCommand } from './language/registry.ts';
import type { CommandPort } from './tui/actions/controls.ts';
import { ANSWER_FRAME_WIDTH } from './tui/state/layout.ts';

/** @param signal - gives up the commands that run */
export async function openCommands(
  engine: EngineHandle,
  { host: boundTo, state = stateFolder() }: SwarmFlags,
  intake: Intake,
  signal: AbortSignal,
): Promise<CommandPort> {
  const add = (source: Parameters<Intake['add']>[0]) => intake.add(source);
  const host = new ProgramHost({
    ...{ engine, boundTo, add },
    columns: () => process.stdout.columns - ANSWER_FRAME_WIDTH,
    onQuit: () => {},
  });
  const prompt = new Prompt(host, await HistoryFile.open(join(state, 'history')));
  return {
    run: async (line, inView, handleProgress) => {
      const onAnswer = (answer: { kind: string; text: string }): void => {
        if (answer.kind === 'progress') handleProgress(answer.text);
      };
      const said = await prompt.run(line, { inView, signal, onAnswer });
      return { ...said, isLast: host.hasQuit };
    },
    complete: async (line, cursor, inView) => ({
      ...(await prompt.complete(line, cursor, inView)),
      help: helpFor(line),
    }),
    completeSource: (text) => completeSource(host, text),
    older: (current) => prompt.older(current),
    newer: (current) => prompt.newer(current),
  };
}

/** `/ping IP PORT · measures …` as soon as the line names a command. */
function helpFor(line: string): string | undefined {
  const [, name] = /^\/(\S+)/.exec(line) ?? [];
  const command = name === undefined ? undefined : findCommand(name);
  return command && `${command.usage} · ${command.summary}`;
}
