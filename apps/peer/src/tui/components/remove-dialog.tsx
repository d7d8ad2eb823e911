/** Asks before a torrent leaves the list. */
import { fit } from '../format/fit.ts';
import { Dialog } from './dialog.tsx';
import { Line, Tint } from './tint.tsx';

export interface RemoveDialogProps {
  readonly screen: { readonly width: number; readonly height: number };
  readonly torrentName: string;
}

const MAX_WIDTH = 64;
const HEIGHT = 7;
const CHOICES = '  y remove   n keep';

export function RemoveDialog({ screen, torrentName }: RemoveDialogProps) {
  const width = Math.min(MAX_WIDTH, screen.width - 4);
  const inner = width - 2;
  return (
    <Dialog screen={screen} width={width} height={HEIGHT}>
      <Line>
        <Tint bold>{fit('  Remove this torrent?', inner)}</Tint>
      </Line>
      <Line>{`  ${fit(torrentName, inner - 4, 'left', 'middle')}  `}</Line>
      <Line>
        <Tint tone="faint">{fit('  What is on disk stays there.', inner)}</Tint>
      </Line>
      <Line>{' '.repeat(inner)}</Line>
      <Line>
        {'  '}
        <Tint tone="bad" bold>
          y
        </Tint>
        {' remove   '}
        <Tint bold>n</Tint>
        {` keep${' '.repeat(Math.max(0, inner - CHOICES.length))}`}
      </Line>
    </Dialog>
  );
}
