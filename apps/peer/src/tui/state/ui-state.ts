/** What the screen shows, apart from what the engine says. */
import type { Tone } from '../theme.ts';
import type { Order } from './arrange.ts';
import type { EditLine } from './edit-line.ts';

/** The tabs of the detail view, in the order of their keys 1-6. */
export const TABS = ['overview', 'peers', 'files', 'pieces', 'trackers', 'log'] as const;
export type TabName = (typeof TABS)[number];

/** `add` a torrent, `filter` the list, set `limits`, run a `command`. */
export type Prompt =
  | { readonly purpose: 'add'; readonly saveFolder?: string | undefined }
  | { readonly purpose: 'command' }
  | { readonly purpose: 'filter' }
  | { readonly purpose: 'limits'; readonly scope: LimitScope };

/** The infohash of one torrent, or all of them. */
export type LimitScope = { readonly infoHash: string; readonly name: string } | 'all';

export interface PromptOverlay {
  readonly name: 'prompt';
  readonly prompt: Prompt;
  readonly line: EditLine;
  /** One sentence about what was submitted last. */
  readonly error: string | undefined;
  /** Submitted, no answer yet: keys wait. */
  readonly isBusy: boolean;
  /** How far it is, one line; undefined until it is said. */
  readonly progress?: string | undefined;
  /** What may stand where the cursor is; empty when nobody asked. */
  readonly candidates: readonly string[];
  /** One line about what is being typed; undefined when there is nothing to say of it. */
  readonly help?: string | undefined;
}

/** What a command answered, when it has more than one line. */
export interface AnswerOverlay {
  readonly name: 'answer';
  readonly title: string;
  readonly lines: readonly string[];
  /** Index of the line at the top. */
  readonly first: number;
}

/** All keys. */
interface HelpOverlay {
  readonly name: 'help';
  /** Index of the line at the top. */
  readonly first: number;
}

/** What lies over the view and takes the keys. */
export type Overlay =
  | PromptOverlay
  | HelpOverlay
  | { readonly name: 'remove'; readonly infoHash: string; readonly torrentName: string }
  | { readonly name: 'ban'; readonly host: string; readonly client: string }
  | AnswerOverlay;

/** A line that stays for some seconds. */
export interface Notice {
  readonly tone: Tone;
  /** One sentence; may hold names from torrents as they are. */
  readonly text: string;
  /** The name in it that is shortened where the line is too narrow. */
  readonly name?: string;
}

export interface UiState {
  readonly view: 'list' | TabName;
  /** Hex infohash of the torrent that is selected in the list and shown in the tabs. */
  readonly selected: string | undefined;
  /** The row the keys are at in a tab; for the log, lines scrolled up from its end. */
  readonly row: number;
  readonly overlay: Overlay | undefined;
  readonly notice: Notice | undefined;
  readonly order: Order;
  /** Words that the names in the list have; empty for all. */
  readonly filter: string;
}

export const initialUi: UiState = {
  view: 'list',
  selected: undefined,
  row: 0,
  overlay: undefined,
  notice: undefined,
  order: 'added',
  filter: '',
};

/** What the list is filtered by: while the prompt for it is open, what stands there. */
export function filterOf({ overlay, filter }: UiState): string {
  const isTyping = overlay?.name === 'prompt' && overlay.prompt.purpose === 'filter';
  return isTyping ? overlay.line.text : filter;
}
