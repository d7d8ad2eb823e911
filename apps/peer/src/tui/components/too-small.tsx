/** For windows in which nothing can be drawn well. */
import { Box, Text } from 'ink';

export interface TooSmallProps {
  readonly width: number;
  readonly height: number;
}

export function TooSmall({ width, height }: TooSmallProps) {
  return (
    <Box width={width} height={height} alignItems="center" justifyContent="center">
      <Text>Make the window a little larger.</Text>
    </Box>
  );
}
