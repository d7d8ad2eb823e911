/**
 * The head of a part file: whose bytes lie in it, and where. Pure.
 *
 * | at      | length              | what                                                       |
 * | ------- | ------------------- | ---------------------------------------------------------- |
 * | 0       | 16                  | `Shoal part file\n`                                        |
 * | 16      | 4                   | version, u32 = 1                                           |
 * | 20      | 4                   | bytes of a chunk, u32                                      |
 * | 24      | 4                   | chunks, u32                                                |
 * | 28      | 4                   | files, u32                                                 |
 * | 32      | ceil(files / 8)     | one bit a file, the first one highest: it has bytes here   |
 * | above   | 4 x chunks          | for each chunk u32: 0, or the number of its slot, from 1 on |
 * | 4096s up | chunks that are here | slots, each as long as a chunk: its bytes at their places  |
 */
import { Bitfield } from '@shoal/units';

const MAGIC = new TextEncoder().encode('Shoal part file\n');
const VERSION = 1;
const FILES_AT = 32;
/** Slots begin at a multiple of this: the page of most disks. */
const ALIGNMENT = 4096;

/** What is the same for all part files of one torrent. */
export interface PartShape {
  readonly chunkLength: number;
  readonly chunkCount: number;
  readonly fileCount: number;
}

/** What the head says. */
export interface PartHead {
  /** Files that have bytes here. */
  readonly files: Bitfield;
  /** The slot of each chunk that has one, from 0 on. */
  readonly slots: Map<number, number>;
}

/** Bytes of the head, before the slots are aligned. */
export function headLength(shape: PartShape): number {
  return slotEntryAt(shape, shape.chunkCount);
}

/** Where a slot begins. */
export function slotAt(shape: PartShape, slot: number): number {
  return Math.ceil(headLength(shape) / ALIGNMENT) * ALIGNMENT + slot * shape.chunkLength;
}

/** Where the bits of files lie that have the one of this file among them: one byte. */
export function fileBitAt(fileIndex: number): number {
  return FILES_AT + (fileIndex >> 3);
}

/** Where the slot of a chunk is written: 4 bytes. */
export function slotEntryAt({ fileCount }: PartShape, index: number): number {
  return FILES_AT + Math.ceil(fileCount / 8) + 4 * index;
}

/** The 4 bytes of a chunk's slot. */
export function encodeSlot(slot: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, slot + 1);
  return bytes;
}

/** The whole head. */
export function encodeHead(shape: PartShape, { files, slots }: PartHead): Uint8Array {
  const bytes = new Uint8Array(headLength(shape));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  for (const [at, value] of numbersOf(shape)) view.setUint32(at, value);
  bytes.set(files.bytes, FILES_AT);
  for (const [index, slot] of slots) view.setUint32(slotEntryAt(shape, index), slot + 1);
  return bytes;
}

/**
 * Reads a head of `headLength` bytes.
 * @returns undefined when it is none of this torrent, or cannot be right: a slot given twice, or
 * beyond the number of chunks
 */
export function decodeHead(shape: PartShape, bytes: Uint8Array): PartHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) return undefined;
  if (numbersOf(shape).some(([at, value]) => view.getUint32(at) !== value)) return undefined;
  const files = Bitfield.fromBytes(bytes.slice(FILES_AT, slotEntryAt(shape, 0)), shape.fileCount);
  if (files === undefined) return undefined;
  const slots = new Map<number, number>();
  const taken = new Bitfield(shape.chunkCount);
  for (let index = 0; index < shape.chunkCount; index++) {
    const entry = view.getUint32(slotEntryAt(shape, index));
    if (entry === 0) continue;
    if (!taken.add(entry - 1)) return undefined;
    slots.set(index, entry - 1);
  }
  return { files, slots };
}

/** The numbers of the head, by where they lie. */
function numbersOf(shape: PartShape): [number, number][] {
  return [
    [16, VERSION],
    [20, shape.chunkLength],
    [24, shape.chunkCount],
    [28, shape.fileCount],
  ];
}
