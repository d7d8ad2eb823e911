/** What keys act with. */
import type { TerminalControls } from '../hooks/use-terminal.ts';
import type { Look } from '../state/look.ts';
import type { UiAction } from '../state/ui-reducer.ts';
import type { AddPorts } from './add-torrents.ts';

/** Why the screen was left. */
export type QuitReason = 'quit' | 'interrupted';

/** What a command answers: lines of plain text. */
interface CommandAnswer {
  readonly lines: readonly string[];
  readonly isError: boolean;
  /** The program ends with it. */
  readonly isLast?: boolean;
}

/** What Tab makes of a line. */
interface CommandCompletion {
  readonly line: string;
  /** UTF-16 offset. */
  readonly cursor: number;
  /** What else may stand there; empty when the word is whole or nothing fits. */
  readonly candidates: readonly string[];
  /** One line about the command that is being typed; undefined when it is none yet. */
  readonly help?: string | undefined;
}

/** Lines that begin with `/`. `infoHash` is hex, the torrent in view; undefined when there is none. */
export interface CommandPort {
  /** @param handleProgress - told how far it is, one line of plain text */
  run(
    line: string,
    infoHash: string | undefined,
    handleProgress: (text: string) => void,
  ): Promise<CommandAnswer>;
  complete(line: string, cursor: number, infoHash: string | undefined): Promise<CommandCompletion>;
  /** The same for what is to be added: no command, so nothing in it is quoted. */
  completeSource(text: string): Promise<CommandCompletion>;
  /** The line entered before. @param current - what stands in the prompt: kept when it is new */
  older(current: string): string;
  /** The one after it. */
  newer(current: string): string;
}

export interface Controls extends AddPorts, Look, TerminalControls {
  /** The same after what was dispatched. */
  readonly now: () => Controls;
  readonly dispatch: (action: UiAction) => void;
  readonly commands: CommandPort | undefined;
  readonly quit: (reason: QuitReason) => void;
  /** To the clipboard. */
  readonly copy: (text: string) => void;
}
