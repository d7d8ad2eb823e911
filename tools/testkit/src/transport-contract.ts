/** What every network and its transports must do: one suite, run on each implementation. */
import type { Listener, Network, PeerAddress, Transport } from '@shoal/units';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Recorder } from './recorder.ts';

/** Two hosts and a way to let time pass. */
export interface Stage {
  readonly dialler: Network;
  readonly listener: Network;
  /** Where `listener` can be told to listen. */
  readonly host: string;
  /** Lets things happen until `predicate` holds; fails when it never does. */
  until(predicate: () => boolean): Promise<void>;
  /** Gives things that should not happen the time to happen. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

interface Pair {
  readonly dialled: Transport;
  readonly accepted: Transport;
}

/** Both ends must do the same, and implementations make them in different ways. */
const SIDES = ['accepted', 'dialled'] as const;

/** Runs the suite against what `makeStage` makes. */
export function transportContract(name: string, makeStage: () => Promise<Stage>): void {
  describe(name, () => {
    let stage: Stage;
    let listener: Listener;
    const accepted: Transport[] = [];
    const dialled: Transport[] = [];

    beforeEach(async () => {
      stage = await makeStage();
      listener = await stage.listener.listen(0, stage.host, (transport) => {
        accepted.push(transport);
      });
    });

    afterEach(async () => {
      for (const transport of [...accepted.splice(0), ...dialled.splice(0)]) transport.close();
      await listener.close();
      await stage.close();
    });

    /** Dials and lets time pass until it is decided. */
    async function dial(address: PeerAddress, signal?: AbortSignal): Promise<Transport> {
      let isDecided = false;
      const dialling = stage.dialler
        .dial(address, { timeoutMs: 5000, ...(signal && { signal }) })
        .finally(() => {
          isDecided = true;
        });
      dialling.catch(() => {});
      await stage.until(() => isDecided);
      dialled.push(await dialling);
      return dialling;
    }

    async function pair(): Promise<Pair> {
      const transport = await dial(listener.address);
      await stage.until(() => accepted.length === 1);
      return { dialled: transport, accepted: accepted[0]! };
    }

    test('both ends know where they are and who dialled', async () => {
      const ends = await pair();
      expect(ends.dialled.remote).toEqual(listener.address);
      expect(ends.accepted.local).toEqual(listener.address);
      expect(ends.accepted.remote).toEqual(ends.dialled.local);
      expect([ends.dialled.incoming, ends.accepted.incoming]).toEqual([false, true]);
    });

    test('bytes arrive whole and in order, both ways', async () => {
      const ends = await pair();
      const there = randomLookingBytes(3_000_000, 1);
      const back = randomLookingBytes(2_000_000, 2);
      const [at, from] = [new Recorder(), new Recorder()];
      ends.accepted.start(at);
      ends.dialled.start(from);
      writeInPieces(ends.dialled, there);
      writeInPieces(ends.accepted, back);
      await stage.until(() => at.length === there.length && from.length === back.length);
      expect(Buffer.compare(at.bytes, there)).toBe(0);
      expect(Buffer.compare(from.bytes, back)).toBe(0);
    });

    describe.each(SIDES)('the %s end', (side) => {
      let reader: Transport;
      let writer: Transport;
      let read: Recorder;
      let wrote: Recorder;

      beforeEach(async () => {
        const ends = await pair();
        reader = ends[side];
        writer = side === 'accepted' ? ends.dialled : ends.accepted;
        [read, wrote] = [new Recorder(), new Recorder()];
      });

      test('keeps the bytes that come before its start', async () => {
        writer.write(Uint8Array.of(1, 2, 3));
        await stage.quiet();
        reader.start(read);
        await stage.until(() => read.length === 3);
        expect([...read.bytes]).toEqual([1, 2, 3]);
      });

      test('says nothing while a call is under way', async () => {
        writer.write(Uint8Array.of(1));
        await stage.quiet();
        read.during(() => reader.start(read));
        wrote.during(() => writer.start(wrote));
        await stage.until(() => read.length === 1);
        read.during(() => reader.pause());
        writer.write(Uint8Array.of(2));
        await stage.quiet();
        read.during(() => reader.resume());
        await stage.until(() => read.length === 2);
        wrote.during(() => writer.write(new Uint8Array(2_000_000)));
        wrote.during(() => writer.close());
        await stage.until(() => read.closes.length === 1 && wrote.closes.length === 1);
      });

      test('lets its writer know when it is full and when it has room again', async () => {
        writer.start(wrote);
        const block = new Uint8Array(262_144);
        // The write that is answered with "full" is taken all the same.
        let sentLength = block.length;
        for (; writer.write(block); sentLength += block.length);
        expect(writer.bufferedLength).toBeGreaterThanOrEqual(1_048_576);
        expect(wrote.drainCount).toBe(0);
        reader.start(read);
        await stage.until(() => wrote.drainCount === 1 && read.length === sentLength);
        expect(writer.bufferedLength).toBe(0);
        expect(writer.write(block)).toBe(true);
      });

      test('gets the right bytes although its writer uses one buffer again and again', async () => {
        reader.start(read);
        const sent = randomLookingBytes(1_000_000, 3);
        const buffer = new Uint8Array(50_000);
        for (let at = 0; at < sent.length; at += buffer.length) {
          let hasLeft = false;
          buffer.set(sent.subarray(at, at + buffer.length));
          writer.write(buffer, () => {
            hasLeft = true;
          });
          await stage.until(() => hasLeft);
          buffer.fill(0);
        }
        await stage.until(() => read.length === sent.length);
        expect(Buffer.compare(read.bytes, sent)).toBe(0);
      });

      test('hears of each write once that it is over, also when the stream ends before', async () => {
        const counts = new Array<number>(12).fill(0);
        for (const write of counts.keys())
          writer.write(new Uint8Array(1_000_000), () => counts[write]!++);
        writer.close();
        writer.write(Uint8Array.of(1), () => counts.push(1));
        await stage.until(() => counts.every((count) => count > 0));
        await stage.quiet();
        expect(counts).toEqual(new Array(13).fill(1));
      });

      test('hears nothing while it is paused, and all of it after', async () => {
        reader.start(read);
        reader.pause();
        writer.write(new Uint8Array(1_000_000));
        await stage.quiet();
        expect(read.length).toBe(0);
        reader.resume();
        await stage.until(() => read.length === 1_000_000);
      });

      test('may be paused before its start', async () => {
        reader.pause();
        reader.start(read);
        writer.write(Uint8Array.of(1));
        await stage.quiet();
        expect(read.length).toBe(0);
        reader.resume();
        await stage.until(() => read.length === 1);
      });

      test('may pause from within a delivery', async () => {
        reader.start(read.doing(() => reader.pause()));
        writer.write(new Uint8Array(500_000));
        await stage.until(() => read.arrays.length === 1);
        await stage.quiet();
        expect(read.arrays.length).toBe(1);
        while (read.length < 500_000) {
          const before = read.length;
          reader.resume();
          await stage.until(() => read.length > before);
        }
      });

      test('gets what was corked, in order, when the last cork is out', async () => {
        reader.start(read);
        writer.cork();
        writer.cork();
        writer.write(Uint8Array.of(1));
        writer.write(Uint8Array.of(2, 3));
        writer.uncork();
        await stage.quiet();
        expect(read.length).toBe(0);
        writer.uncork();
        await stage.until(() => read.length === 3);
        expect([...read.bytes]).toEqual([1, 2, 3]);
      });

      test('gets what was written before the other end closed; both are told once', async () => {
        reader.start(read);
        writer.start(wrote);
        writer.write(Uint8Array.of(9));
        writer.close();
        writer.close();
        expect(writer.write(Uint8Array.of(1))).toBe(false);
        await stage.until(() => read.closes.length > 0 && wrote.closes.length > 0);
        reader.close();
        await stage.quiet();
        expect([...read.closes, ...wrote.closes]).toEqual([undefined, undefined]);
        expect([...read.bytes]).toEqual([9]);
      });

      test('delivers nothing after it was closed', async () => {
        reader.start(read.doing(() => reader.close()));
        writer.write(new Uint8Array(500_000));
        await stage.until(() => read.closes.length === 1);
        expect(read.arrays.length).toBe(1);
      });

      test('tells its end even when it was closed before its start', async () => {
        reader.close();
        await stage.quiet();
        read.during(() => reader.start(read));
        writer.start(wrote);
        await stage.until(() => read.closes.length === 1 && wrote.closes.length === 1);
      });
    });

    test('a port where nobody listens refuses', async () => {
      const { address } = listener;
      await listener.close();
      await expect(dial(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });

    test('a port is taken once, and free again after close', async () => {
      const { port } = listener.address;
      const again = (): Promise<Listener> => stage.listener.listen(port, stage.host, () => {});
      await expect(again()).rejects.toMatchObject({ code: 'EADDRINUSE' });
      await listener.close();
      listener = await again();
      expect(listener.address.port).toBe(port);
    });

    test('closing the listener leaves its streams alone', async () => {
      const ends = await pair();
      const at = new Recorder();
      ends.accepted.start(at);
      await listener.close();
      await listener.close();
      ends.dialled.write(Uint8Array.of(1));
      await stage.until(() => at.length === 1);
      expect(at.closes).toEqual([]);
    });

    test('an aborted dial rejects with the reason of its signal', async () => {
      const reason = new Error('not wanted any more');
      await expect(dial(listener.address, AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const dialling = dial(listener.address, controller.signal);
      controller.abort(reason);
      await expect(dialling).rejects.toBe(reason);
    });
  });
}

function writeInPieces(transport: Transport, bytes: Uint8Array): void {
  for (let at = 0, length = 1; at < bytes.length; at += length, length = (length * 7 + 3) % 99_991)
    transport.write(bytes.subarray(at, at + length));
}

function randomLookingBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0, state = seed; at < length; at++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    bytes[at] = state >> 16;
  }
  return bytes;
}
