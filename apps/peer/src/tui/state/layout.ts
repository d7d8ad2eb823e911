/** How the lines of the terminal are shared out. Pure. */
import { type ListWindow, listWindow } from '../format/window.ts';
import type { UiState } from './ui-state.ts';

export interface LayoutFacts {
  /** Columns and lines of the terminal. */
  readonly width: number;
  readonly height: number;
  readonly view: UiState['view'];
  /** Lines below the line of a prompt; undefined when there is no prompt. */
  readonly promptLength: number | undefined;
  readonly torrentCount: number;
  /** Index of the selected torrent. */
  readonly selected: number;
}

export interface Layout {
  /** Lines of the view, between header and foot. */
  readonly bodyHeight: number;
  /** As many of them as a prompt leaves in sight. */
  readonly shownHeight: number;
  /** First line of the foot. */
  readonly footTop: number;
  readonly list: ListLayout;
  /** Lines of an answer that fit into its dialog. */
  readonly answerLength: number;
  /** How far a page goes in the view. */
  readonly pageLength: number;
}

export interface ListLayout {
  /** One torrent a line, not a card of two. */
  readonly isTable: boolean;
  /** A blank line between the cards. */
  readonly isAiry: boolean;
  readonly window: ListWindow;
  /** Lines of the torrents. */
  readonly height: number;
  /** Lines left for a look at the selected torrent; 0 when they are too few. */
  readonly previewHeight: number;
}

const LIST_HEADER_HEIGHT = 2;
const DETAIL_HEADER_HEIGHT = 3;
/** A notice, and the keys. */
const FOOTER_HEIGHT = 2;
/** What is asked, and the line to type in. */
const PROMPT_HEIGHT = 2;
const CARD_HEIGHT = 2;
/** Border, title, and what is below. */
export const ANSWER_FRAME_HEIGHT = 4;
/** Border and blanks at both sides. */
export const ANSWER_FRAME_WIDTH = 4;

/** From this width on a table has room for names. */
const TABLE_WIDTH = 120;
const MIN_PREVIEW_HEIGHT = 11;

export function layOut(facts: LayoutFacts): Layout {
  const { height, view, promptLength } = facts;
  const header = view === 'list' ? LIST_HEADER_HEIGHT : DETAIL_HEADER_HEIGHT;
  const bodyHeight = height - header - FOOTER_HEIGHT;
  const shownHeight =
    promptLength === undefined ? bodyHeight : height - header - PROMPT_HEIGHT - promptLength;
  const list = layOutList(facts, height - LIST_HEADER_HEIGHT - FOOTER_HEIGHT);
  const pageLength =
    view === 'list' ? list.window.end - list.window.first : Math.max(1, bodyHeight - 1);
  const footTop = header + shownHeight;
  const answerLength = height - ANSWER_FRAME_HEIGHT - 1;
  return { bodyHeight, shownHeight, footTop, list, answerLength, pageLength };
}

function layOutList({ width, torrentCount, selected }: LayoutFacts, room: number): ListLayout {
  const isTable = width >= TABLE_WIDTH;
  const airyHeight = torrentCount * (CARD_HEIGHT + 1) - 1;
  const isAiry = !isTable && airyHeight <= room;
  const tight = isTable ? torrentCount + 1 : torrentCount * CARD_HEIGHT;
  const height = Math.min(room, isAiry ? airyHeight : tight);
  const spare = room - height - 1;
  const hasPreview = torrentCount > 0 && spare >= MIN_PREVIEW_HEIGHT;
  const fitting = isTable ? room - 1 : Math.floor(room / CARD_HEIGHT);
  return {
    isTable,
    isAiry,
    window: listWindow(torrentCount, selected, fitting),
    height,
    previewHeight: hasPreview ? spare : 0,
  };
}
