/** What stands below the line of a prompt. Pure. */
import { textWidth, truncate } from '../format/fit.ts';
import { wordColumns } from '../format/word-columns.ts';
import { wrap } from '../format/wrap.ts';
import type { Tone } from '../theme.ts';
import type { Prompt, PromptOverlay } from './ui-state.ts';

export interface PromptLines {
  readonly tone: Tone;
  /** At least one. */
  readonly lines: readonly string[];
}

/** Columns before each line. */
export const PROMPT_INDENT = 3;
const MAX_ERROR_LINES = 3;
const MAX_CANDIDATE_LINES = 6;
/** Of the lines of the screen, what candidates may take. */
const CANDIDATE_SHARE = 1 / 3;

/** @param hasTorrent - whether one is selected */
export function promptLines(
  overlay: PromptOverlay,
  screen: { readonly width: number; readonly height: number },
  hasTorrent: boolean,
): PromptLines {
  const { error, isBusy, progress = 'one moment …', candidates, help } = overlay;
  const width = screen.width - PROMPT_INDENT - 1;
  if (error !== undefined) return { tone: 'bad', lines: wrap(error, width, MAX_ERROR_LINES) };
  if (isBusy) return { tone: 'faint', lines: [truncate(progress, width)] };
  const limit = Math.min(MAX_CANDIDATE_LINES, Math.floor(screen.height * CANDIDATE_SHARE) - 1);
  const offered = wordColumns(candidates, width, limit);
  const advice = adviceOf(overlay.prompt, hasTorrent, width);
  const above = help ?? (offered.length === 0 ? advice : undefined);
  const lines = above === undefined ? offered : [truncate(above, width), ...offered];
  return { tone: 'faint', lines };
}

/** The title of a prompt; may hold a name or a path as it is. */
export function promptTitle(prompt: Prompt): string {
  switch (prompt.purpose) {
    case 'add':
      return prompt.saveFolder === undefined
        ? 'Add a torrent'
        : `Add a torrent into ${prompt.saveFolder}`;
    case 'command':
      return 'Command';
    case 'filter':
      return 'Show only';
    case 'limits':
      return prompt.scope === 'all' ? 'Limits of everything' : `Limits of ${prompt.scope.name}`;
  }
}

function adviceOf(prompt: Prompt, hasTorrent: boolean, width: number): string {
  const parts = [...advicePartsOf(prompt, hasTorrent)];
  while (parts.length > 2 && textWidth(parts.join(PART_GAP)) > width) parts.splice(-2, 1);
  return parts.join(PART_GAP);
}

const PART_GAP = ' · ';

/** What to type first, how to leave last: both stay in a narrow window. */
function advicePartsOf(prompt: Prompt, hasTorrent: boolean): readonly string[] {
  switch (prompt.purpose) {
    case 'add':
      return ['a magnet, or a .torrent', 'Tab completes', 'Enter adds', 'Esc cancels'];
    case 'command':
      return ['/help lists them', 'Tab completes', 'Enter runs', 'Esc cancels'];
    case 'filter':
      return ['words of the name', 'Enter keeps it', 'Esc shows all'];
    case 'limits': {
      const turn = prompt.scope === 'all' ? 'Tab one torrent' : 'Tab everything';
      const what = 'down [up], such as 5M 512K; - is no limit';
      return [what, ...(hasTorrent ? [turn] : []), 'Esc cancels'];
    }
  }
}
