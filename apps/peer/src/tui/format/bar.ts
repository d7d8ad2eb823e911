/** A progress bar one line high, in half columns. */

export interface Bar {
  /** `━━━╸` */
  readonly filled: string;
  /** `────` */
  readonly rest: string;
}

/** The two strings take `width` columns together. A bar is full only when all is there. */
export function bar(share: number, width: number): Bar {
  const halves = Math.floor(Math.min(1, Math.max(0, share)) * width * 2);
  const half = halves % 2 === 1 ? '╸' : '';
  const filled = '━'.repeat(halves >> 1) + half;
  return { filled, rest: '─'.repeat(Math.max(0, width - filled.length)) };
}
