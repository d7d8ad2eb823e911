/** The two columns before a row: a bar in front of the selected one, visible without colour too. */
import { Tint } from './tint.tsx';

export function SelectMark({ isSelected }: { readonly isSelected: boolean }) {
  return <Tint tone="accent">{isSelected ? '▌ ' : '  '}</Tint>;
}
