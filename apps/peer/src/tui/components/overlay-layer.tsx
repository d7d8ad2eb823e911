/** The dialog that lies over the screen, if there is one. */
import type { Overlay } from '../state/ui-state.ts';
import { AnswerDialog } from './answer-dialog.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { type QuestionAnswer, QuestionDialog } from './question-dialog.tsx';

export interface OverlayLayerProps {
  readonly overlay: Overlay | undefined;
  readonly screen: { readonly width: number; readonly height: number };
  readonly version: string;
  readonly hasCommands: boolean;
  /** Of the answer, none wider than its dialog. */
  readonly answerLines: readonly string[];
  /** Lines of an answer that fit. */
  readonly answerLength: number;
}

const REMOVE_ANSWERS: readonly QuestionAnswer[] = [
  { key: 'y', words: 'remove it, its files stay' },
  { key: 'D', words: 'remove it and delete its files', tone: 'bad' },
  { key: 'n', words: 'keep it' },
];
const BAN_ANSWERS: readonly QuestionAnswer[] = [
  { key: 'y', words: 'ban it from all torrents, until /unban', tone: 'bad' },
  { key: 'n', words: 'leave it' },
];

export function OverlayLayer(props: OverlayLayerProps) {
  const { overlay, screen, version, hasCommands, answerLines, answerLength } = props;
  switch (overlay?.name) {
    case 'help':
      return (
        <HelpDialog
          screen={screen}
          version={version}
          hasCommands={hasCommands}
          first={overlay.first}
        />
      );
    case 'remove':
      return (
        <QuestionDialog
          screen={screen}
          question="Remove this torrent?"
          subject={overlay.torrentName}
          answers={REMOVE_ANSWERS}
        />
      );
    case 'ban':
      return (
        <QuestionDialog
          screen={screen}
          question="Ban this address?"
          subject={`${overlay.host}, ${overlay.client || 'an unknown client'}`}
          answers={BAN_ANSWERS}
        />
      );
    case 'answer':
      return (
        <AnswerDialog screen={screen} answer={overlay} lines={answerLines} length={answerLength} />
      );
    default:
      return null;
  }
}
