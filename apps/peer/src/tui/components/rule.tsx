/** A line across the screen; a fish crosses it when a torrent is complete. */
import { Line, Tint } from './tint.tsx';

export interface RuleProps {
  readonly width: number;
  /** Column of the fish's tail; undefined when none swims. May lie outside the screen. */
  readonly fishAt?: number | undefined;
}

export const FISH = '><>';

export function Rule({ width, fishAt }: RuleProps) {
  if (fishAt === undefined) return <Line>{<Tint tone="faint">{'─'.repeat(width)}</Tint>}</Line>;
  const from = Math.max(0, Math.min(width, fishAt));
  const to = Math.max(0, Math.min(width, fishAt + FISH.length));
  return (
    <Line>
      <Tint tone="faint">{'─'.repeat(from)}</Tint>
      <Tint tone="good" bold>
        {FISH.slice(from - fishAt, to - fishAt)}
      </Tint>
      <Tint tone="faint">{'─'.repeat(width - to)}</Tint>
    </Line>
  );
}
