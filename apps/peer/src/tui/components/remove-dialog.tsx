/** Asks before a torrent leaves the list. */
import { fit } from '../format/fit.ts';
import { Dialog } from './dialog.tsx';
import { Line, Tint } from './tint.tsx';

export interface RemoveDialogProps {
  readonly screen: { readonly width: number; readonly height: number };
  readonly torrentName: string;
}

const MAX_WIDTH = 64;
const HEIGHT = 8;
const KEEP = ' remove it, its files stay';
const ERASE = ' remove it and delete its files';

export function RemoveDialog({ screen, torrentName }: RemoveDialogProps) {
  const width = Math.min(MAX_WIDTH, screen.width - 4);
  const inner = width - 2;
  return (
    <Dialog screen={screen} width={width} height={HEIGHT}>
      <Line>
        <Tint bold>{fit('  Remove this torrent?', inner)}</Tint>
      </Line>
      <Line>{`  ${fit(torrentName, inner - 4, 'left', 'middle')}  `}</Line>
      <Line>{' '.repeat(inner)}</Line>
      <Line>
        {'  '}
        <Tint bold>y</Tint>
        {fit(KEEP, inner - 3)}
      </Line>
      <Line>
        {'  '}
        <Tint tone="bad" bold>
          D
        </Tint>
        {fit(ERASE, inner - 3)}
      </Line>
      <Line>
        {'  '}
        <Tint bold>n</Tint>
        {fit(' keep it', inner - 3)}
      </Line>
    </Dialog>
  );
}
