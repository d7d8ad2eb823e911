/** What stands where torrents will be. */
import { Box } from 'ink';
import { Line, Tint } from './tint.tsx';

export interface EmptyListProps {
  readonly width: number;
  readonly height: number;
}

const SHOAL = [
  '          ><>        ><>  ',
  '   ><>        ><>         ',
  '        ><>        ><>    ',
  ' ><>         ><>      ><> ',
  '      ><>        ><>      ',
] as const;
/** Lines that the text alone needs. */
const TEXT_HEIGHT = 4;

export function EmptyList({ width, height }: EmptyListProps) {
  const hasRoom = height >= SHOAL.length + TEXT_HEIGHT + 2;
  return (
    <Box
      width={width}
      height={height}
      flexDirection="column"
      alignItems="center"
      justifyContent="center"
    >
      {hasRoom &&
        SHOAL.map((line) => (
          <Line key={line}>
            <Tint tone="accent">{line}</Tint>
          </Line>
        ))}
      {hasRoom && <Line />}
      <Line>
        <Tint bold>No torrents yet</Tint>
      </Line>
      <Line>
        {'Press '}
        <Tint tone="accent" bold>
          a
        </Tint>
        {' to paste a magnet or a path'}
      </Line>
      <Line>
        <Tint tone="faint">? shows every key, / takes commands</Tint>
      </Line>
    </Box>
  );
}
