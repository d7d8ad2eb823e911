/** A line with something at its left and something at its right edge. */
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Line } from './tint.tsx';

export interface SplitLineProps {
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly width: number;
}

/** The left side is cut when both do not fit. */
export function SplitLine({ left, right, width }: SplitLineProps) {
  return (
    <Box width={width} justifyContent="space-between">
      <Line>{left}</Line>
      <Box flexShrink={0}>
        <Line>{right}</Line>
      </Box>
    </Box>
  );
}
