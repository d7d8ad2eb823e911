/** A tab with nothing to list: one sentence and the next step. */
import { Box } from 'ink';
import { Line, Tint } from './tint.tsx';

export interface EmptyTabProps {
  readonly title: string;
  readonly advice: string;
  readonly width: number;
  readonly height: number;
}

export function EmptyTab({ title, advice, width, height }: EmptyTabProps) {
  return (
    <Box
      width={width}
      height={height}
      flexDirection="column"
      alignItems="center"
      justifyContent="center"
    >
      <Line>
        <Tint bold>{title}</Tint>
      </Line>
      <Line>
        <Tint tone="faint">{advice}</Tint>
      </Line>
    </Box>
  );
}
