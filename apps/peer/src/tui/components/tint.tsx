/** Text in a tone of the theme. */
import { Text } from 'ink';
import { createContext, type ReactNode, useContext } from 'react';
import { colourTheme, type Theme, type Tone } from '../theme.ts';

export const ThemeContext = createContext<Theme>(colourTheme);

export interface TintProps {
  readonly tone?: Tone | undefined;
  readonly bold?: boolean | undefined;
  readonly children?: ReactNode;
}

/** A run of text inside a `Line`. Text from data goes through `fit`, `truncate` or `cleanText` first. */
export function Tint({ tone = 'plain', bold = false, children }: TintProps) {
  const theme = useContext(ThemeContext);
  return (
    <Text {...theme[tone]} bold={bold}>
      {children}
    </Text>
  );
}

/** One line of the screen: never wraps. */
export function Line({ children }: { readonly children?: ReactNode }) {
  return <Text wrap="truncate-end">{children ?? ' '}</Text>;
}
