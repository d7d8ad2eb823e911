/** A scripted peer that gives metadata (BEP 9): true, false, or none. */

import type { FakeConnection, HostOptions } from '@shoal/testkit';
import {
  decodeMetadataMessage,
  EXTENSION_NAME,
  encodeExtendedHandshake,
  encodeMetadataMessage,
  METADATA_PIECE_LENGTH,
} from '@shoal/wire';
import type { Fake, SwarmStage } from './swarm-stage.ts';

/** The id by which we want to be sent ut_metadata. */
const OUR_ID = 7;

export interface MetadataConduct {
  /** What the extended handshake says; the true length when left out. */
  readonly metadataLength?: number;
  /** The extended handshake says no length. */
  readonly isShy?: boolean;
  /** The piece it sends; `reject` refuses it, undefined is no answer. The truth when left out. */
  answer?(piece: number, truth: Uint8Array): Uint8Array | 'reject' | undefined;
}

/** Every piece has its first byte wrong. */
export const lying: MetadataConduct = {
  answer: (_piece, truth) => {
    const bytes = truth.slice();
    bytes[0]! ^= 0xff;
    return bytes;
  },
};

/** Listens on the machine `10.0.1.N`; it has no piece of the torrent itself. */
export async function metadataPeer(
  stage: SwarmStage,
  n: number,
  conduct: MetadataConduct = {},
  line: HostOptions = {},
): Promise<Fake> {
  const { infoBytes } = stage.sample.metainfo.info;
  const metadataLength = conduct.metadataLength ?? infoBytes.length;
  const fake = await stage.fake(n, { supportsExtended: true, pieces: [] }, line);
  const readCounts = new Map<FakeConnection, number>();
  let theirId = 0;

  const answer = (connection: FakeConnection, payload: Uint8Array): void => {
    const asked = decodeMetadataMessage(payload);
    if (asked.type !== 'request') return;
    const { piece } = asked;
    const start = piece * METADATA_PIECE_LENGTH;
    const truth = infoBytes.subarray(start, start + METADATA_PIECE_LENGTH);
    const bytes = conduct.answer === undefined ? truth : conduct.answer(piece, truth);
    if (bytes === undefined) return;
    const reply =
      bytes === 'reject'
        ? ({ type: 'reject', piece } as const)
        : ({ type: 'data', piece, totalLength: metadataLength, bytes } as const);
    connection.send({
      type: 'extended',
      extendedId: theirId,
      payload: encodeMetadataMessage(reply),
    });
  };

  const read = (connection: FakeConnection): void => {
    const from = readCounts.get(connection) ?? -1;
    if (from < 0 && connection.handshake !== undefined)
      connection.send({
        type: 'extended',
        extendedId: 0,
        payload: encodeExtendedHandshake({
          extensions: new Map([[EXTENSION_NAME.metadata, OUR_ID]]),
          ...(conduct.isShy ? {} : { metadataLength }),
        }),
      });
    if (connection.handshake === undefined) return;
    for (const message of connection.received.slice(Math.max(0, from))) {
      if (message.type !== 'extended') continue;
      if (message.extendedId === OUR_ID) answer(connection, message.payload);
      // We only speak to engines: they want ut_metadata as number 1.
      else theirId = 1;
    }
    readCounts.set(connection, connection.received.length);
  };
  stage.clock.every(20, () => {
    for (const connection of fake.peer.connections) read(connection);
  });
  return fake;
}
