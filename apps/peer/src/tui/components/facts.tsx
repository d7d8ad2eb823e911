/** Names and values in columns. */
import { Box } from 'ink';
import { fit, truncate } from '../format/fit.ts';
import type { FactLine } from '../format/torrent-facts.ts';
import { Line, Tint } from './tint.tsx';

export interface FactsProps {
  readonly facts: readonly FactLine[];
  readonly width: number;
}

const NAME_WIDTH = 10;

export function Facts({ facts, width }: FactsProps) {
  const half = Math.floor((width - 2) / 2);
  return (
    <Box flexDirection="column" width={width}>
      {facts.map(([left, right]) => (
        <Line key={left.name}>
          {' '}
          <Tint tone="faint">{fit(left.name, NAME_WIDTH)}</Tint>
          {right === undefined
            ? truncate(left.value, width - NAME_WIDTH - 2)
            : fit(left.value, half - NAME_WIDTH)}
          {right !== undefined && (
            <>
              {'  '}
              <Tint tone="faint">{fit(right.name, NAME_WIDTH)}</Tint>
              {truncate(right.value, width - half - NAME_WIDTH - 4)}
            </>
          )}
        </Line>
      ))}
    </Box>
  );
}
