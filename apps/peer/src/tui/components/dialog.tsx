/** A box over the middle of the screen. */
import { Box } from 'ink';
import { type ReactNode, useContext } from 'react';
import { ThemeContext } from './tint.tsx';

export interface DialogProps {
  /** Of the screen. */
  readonly screen: { readonly width: number; readonly height: number };
  /** Of the box with its border. */
  readonly width: number;
  readonly height: number;
  /** Lines that are `width - 4` columns wide, so that nothing shows through. */
  readonly children: ReactNode;
}

export function Dialog({ screen, width, height, children }: DialogProps) {
  const theme = useContext(ThemeContext);
  const border = theme.accent.color;
  return (
    <Box
      position="absolute"
      left={Math.max(0, Math.floor((screen.width - width) / 2))}
      top={Math.max(0, Math.floor((screen.height - height) / 2))}
      width={width}
      height={height}
      flexDirection="column"
      borderStyle="round"
      {...(border !== undefined && { borderColor: border })}
    >
      {children}
    </Box>
  );
}
