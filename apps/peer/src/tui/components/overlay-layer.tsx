/** The dialog that lies over the screen, if there is one. */
import type { Overlay } from '../state/ui-state.ts';
import { AnswerDialog } from './answer-dialog.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';

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

export function OverlayLayer(props: OverlayLayerProps) {
  const { overlay, screen, version, hasCommands, answerLines, answerLength } = props;
  switch (overlay?.name) {
    case 'help':
      return <HelpDialog screen={screen} version={version} hasCommands={hasCommands} />;
    case 'remove':
      return <RemoveDialog screen={screen} torrentName={overlay.torrentName} />;
    case 'answer':
      return (
        <AnswerDialog screen={screen} answer={overlay} lines={answerLines} length={answerLength} />
      );
    default:
      return null;
  }
}
