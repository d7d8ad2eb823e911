/** Reads batches back. No IO. */
import { readWord } from '../read-word.ts';
import { Announce } from '../swarm/swarm-store.ts';
import {
  BATCH_HEADER_LENGTH,
  BATCH_VERSION,
  COMPLETED_SECTION_LENGTH,
  KIND_COMPLETED,
  KIND_IPV6,
  KIND_NAMED,
  KIND_SEEDERS,
  KIND_STOPPED,
  KIND_TAGGED,
  peerEntryLength,
  peerLength,
  SECTION_HEADER_LENGTH,
} from './batch-layout.ts';
import { ExchangeError } from './exchange-error.ts';

const PEER_KINDS = KIND_SEEDERS | KIND_STOPPED | KIND_IPV6 | KIND_TAGGED | KIND_NAMED;

/** Takes what a batch says. */
export interface BatchSink {
  /** One peer: `nowMs` is when it was heard of. The announce is used again for the next one. */
  takePeer(announce: Announce): void;
  /** @param newCount - of them, those that this batch alone tells of */
  takeCompleted(infoHash: Int32Array, completedCount: number, newCount: number): void;
}

/**
 * Reads one batch; layout in batch-layout.ts.
 * @param localS - the reader's own time for a base, in seconds
 * @returns how many peers it held
 * @throws ExchangeError `bad-batch`; what stood before the fault has been handed out
 */
export function readBatch(
  batch: Uint8Array,
  localS: (baseS: number) => number,
  sink: BatchSink,
): number {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  if (batch.length < BATCH_HEADER_LENGTH) throw cutAt(batch.length);
  if (batch[0] !== BATCH_VERSION)
    throw new ExchangeError('bad-batch', `batch of version ${batch[0]}, not ${BATCH_VERSION}`);
  const baseS = localS(view.getUint32(1));
  const announce = new Announce();
  let peerCount = 0;
  for (let at = BATCH_HEADER_LENGTH; at < batch.length; ) {
    const kind = batch[at]!;
    const isCompleted = kind === KIND_COMPLETED;
    if (!isCompleted && (kind & ~PEER_KINDS) !== 0)
      throw new ExchangeError('bad-batch', `section of kind ${kind} at ${at}`);
    const headerLength = isCompleted ? COMPLETED_SECTION_LENGTH : SECTION_HEADER_LENGTH;
    if (at + headerLength > batch.length) throw cutAt(batch.length);
    announce.readInfoHash(batch, at + 1);
    if (isCompleted)
      sink.takeCompleted(announce.infoHash, view.getUint32(at + 21), view.getUint32(at + 25));
    else {
      announce.family = (kind & KIND_IPV6) === 0 ? 4 : 6;
      const count = view.getUint16(at + 21);
      const end = at + headerLength + count * peerEntryLength(kind);
      if (end > batch.length) throw cutAt(batch.length);
      readPeers(batch, at + headerLength, end, kind, baseS, announce, sink);
      peerCount += count;
      at = end - headerLength;
    }
    at += headerLength;
  }
  return peerCount;
}

function readPeers(
  batch: Uint8Array,
  from: number,
  end: number,
  kind: number,
  baseS: number,
  announce: Announce,
  sink: BatchSink,
): void {
  const length = peerLength(kind);
  const tagAt = length + 2;
  const idAt = tagAt + ((kind & KIND_TAGGED) === 0 ? 0 : 4);
  announce.isSeeder = (kind & KIND_SEEDERS) !== 0;
  announce.forgetClient();
  for (let at = from; at < end; at += peerEntryLength(kind)) {
    for (let byte = 0; byte < length; byte++) announce.peer[byte] = batch[at + byte]!;
    // Who takes it may change it.
    announce.isStopped = (kind & KIND_STOPPED) !== 0;
    announce.nowMs = (baseS - ((batch[at + length]! << 8) | batch[at + length + 1]!)) * 1_000;
    if ((kind & KIND_TAGGED) !== 0) announce.clientTag = readWord(batch, at + tagAt);
    if ((kind & KIND_NAMED) !== 0) {
      announce.peerIds = batch;
      announce.peerIdAt = at + idAt;
    }
    sink.takePeer(announce);
  }
}

function cutAt(length: number): ExchangeError {
  return new ExchangeError('bad-batch', `batch cut off at ${length} bytes`);
}
