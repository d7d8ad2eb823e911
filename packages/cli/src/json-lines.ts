/** Machine output: one JSON object a line, `{"event":"ready",...}`. */
import { cleanJson } from './clean-text.ts';

/** A stream that text is written to: stdout, stderr, or a list in tests. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Writes events. Fields that are undefined are left out. */
export class JsonLines {
  readonly #sink: TextSink;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  write(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#sink.write(`${cleanJson({ event, ...fields })}\n`);
  }
}
