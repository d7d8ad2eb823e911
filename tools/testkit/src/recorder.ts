/** A sink for tests of transports. */
import type { TransportSink } from '@shoal/units';
import { expect } from 'vitest';

/** Notes what a transport says, and that it says nothing while it is called. */
export class Recorder implements TransportSink {
  readonly arrays: Uint8Array[] = [];
  length = 0;
  drainCount = 0;
  readonly closes: (Error | undefined)[] = [];
  /** Set while a call into the transport is under way: nothing may be said then. */
  isInside = false;

  handleBytes(bytes: Uint8Array, length: number): void {
    expect(this.isInside).toBe(false);
    this.arrays.push(new Uint8Array(bytes.subarray(0, length)));
    this.length += length;
  }

  handleDrain(): void {
    expect(this.isInside).toBe(false);
    this.drainCount++;
  }

  handleClose(error: Error | undefined): void {
    expect(this.isInside).toBe(false);
    this.closes.push(error);
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.arrays);
  }

  /** The same recorder, which also does something in each delivery. */
  doing(act: () => void): TransportSink {
    return {
      handleBytes: (bytes, length) => {
        this.handleBytes(bytes, length);
        act();
      },
      handleDrain: () => this.handleDrain(),
      handleClose: (error) => this.handleClose(error),
    };
  }

  /** Runs `call` and notes that the transport has to keep quiet meanwhile. */
  during<T>(call: () => T): T {
    this.isInside = true;
    try {
      return call();
    } finally {
      this.isInside = false;
    }
  }
}
