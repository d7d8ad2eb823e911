/**
 * Memory for the peers of all swarms of one address family: runs of fixed sizes, cut from pages.
 *
 * A run of capacity c, records of w bytes, is: c records | c notes | padding to 4 bytes | index of
 * 4-byte slots, for c above 32 only. A note is: u16 tick | u32 client tag | 20 bytes of peer id, where
 * those are kept. A run is named by one number: slot << 6 | size class.
 */

/** The length of a note, without and with a peer id. */
const NOTE_LENGTH = 6;
const NAMED_NOTE_LENGTH = 26;

/** Capacities of the size classes, two to each doubling: at most a third of a run is unused. */
const CAPACITIES: readonly number[] = [
  1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 1_536, 2_048,
  3_072, 4_096, 6_144, 8_192, 12_288, 16_384, 24_576, 32_768, 49_152, 65_536, 98_304, 131_072,
  196_608, 262_144, 393_216, 524_288, 786_432, 1_048_576, 1_572_864, 2_097_152, 3_145_728,
];

/** Runs of at most so many peers are searched from end to end, longer ones have an index. */
const MAX_SCANNED_CAPACITY = 32;

/** No run: the swarm has no peer of this family. */
export const NO_RUN = -1;

const CLASS_BITS = 6;
const CLASS_MASK = (1 << CLASS_BITS) - 1;
/** Pages hold as many runs as fit in this, or one. */
const PAGE_LENGTH = 16_384;

/** One allocation, seen in three ways. */
export interface Page {
  readonly bytes: Buffer;
  readonly words: Uint16Array;
  readonly slots: Int32Array;
  readonly id: number;
  usedCount: number;
  /** Runs that were given back, each naming the next in its first 4 bytes; -1 at the end. */
  firstFree: number;
  /** Runs from here on were never used. */
  freshFrom: number;
  /** Where it stands among the pages with free runs, -1 when it is full. */
  openAt: number;
}

/** Where the parts of a run lie, in bytes from its begin. */
export interface RunShape {
  readonly capacity: number;
  readonly notesAt: number;
  readonly indexAt: number;
  /** A power of two, 0 for runs without an index. */
  readonly slotCount: number;
  readonly length: number;
  /** A page holds 1 << runBits runs. */
  readonly runBits: number;
}

interface SizeClass {
  readonly shape: RunShape;
  readonly pages: (Page | undefined)[];
  /** Pages with free runs. */
  readonly open: Page[];
  readonly freeIds: number[];
}

/** Hands out runs and takes them back; pages that are empty go back to the system. */
export class RunPages {
  readonly keepsPeerIds: boolean;
  readonly noteLength: number;
  readonly #classes: readonly SizeClass[];
  #length = 0;

  /** @param recordLength - 6 for IPv4, 18 for IPv6 */
  constructor(recordLength: number, keepsPeerIds: boolean) {
    this.keepsPeerIds = keepsPeerIds;
    this.noteLength = keepsPeerIds ? NAMED_NOTE_LENGTH : NOTE_LENGTH;
    this.#classes = CAPACITIES.map((capacity) => ({
      shape: runShape(capacity, recordLength, this.noteLength),
      pages: [],
      open: [],
      freeIds: [],
    }));
  }

  /** Bytes of all pages. */
  get byteLength(): number {
    return this.#length;
  }

  shape(run: number): RunShape {
    return this.#classes[run & CLASS_MASK]!.shape;
  }

  page(run: number): Page {
    const { shape, pages } = this.#classes[run & CLASS_MASK]!;
    return pages[run >> (CLASS_BITS + shape.runBits)]!;
  }

  /** Where a run begins in its page, in bytes. */
  begin(run: number): number {
    const { shape } = this.#classes[run & CLASS_MASK]!;
    return ((run >> CLASS_BITS) & ((1 << shape.runBits) - 1)) * shape.length;
  }

  /** A run of at least `capacity` records. Its index is empty; the rest is whatever was there. */
  allocate(capacity: number): number {
    const classIndex = classOf(capacity);
    const sizeClass = this.#classes[classIndex]!;
    const { shape, open } = sizeClass;
    const page = open[open.length - 1] ?? this.#addPage(sizeClass);
    let place = page.firstFree;
    if (place >= 0) page.firstFree = page.slots[(place * shape.length) >> 2]!;
    else place = page.freshFrom++;
    page.usedCount++;
    if (page.firstFree < 0 && page.freshFrom === 1 << shape.runBits) closePage(open, page);
    const indexAt = (place * shape.length + shape.indexAt) >> 2;
    page.slots.fill(0, indexAt, indexAt + shape.slotCount);
    return (((page.id << shape.runBits) | place) << CLASS_BITS) | classIndex;
  }

  free(run: number): void {
    const sizeClass = this.#classes[run & CLASS_MASK]!;
    const page = this.page(run);
    page.slots[this.begin(run) >> 2] = page.firstFree;
    page.firstFree = (run >> CLASS_BITS) & ((1 << sizeClass.shape.runBits) - 1);
    page.usedCount--;
    if (page.openAt < 0) openPage(sizeClass.open, page);
    // One empty page of small runs stays: a swarm at the edge must not allocate at every announce.
    const isSpare = sizeClass.shape.runBits > 0 && sizeClass.open.length === 1;
    if (page.usedCount === 0 && !isSpare) this.#dropPage(sizeClass, page);
  }

  #addPage(sizeClass: SizeClass): Page {
    const { shape, pages, open, freeIds } = sizeClass;
    const memory = new ArrayBuffer(shape.length << shape.runBits);
    const page: Page = {
      bytes: Buffer.from(memory),
      words: new Uint16Array(memory),
      slots: new Int32Array(memory),
      id: freeIds.pop() ?? pages.length,
      usedCount: 0,
      firstFree: -1,
      freshFrom: 0,
      openAt: -1,
    };
    pages[page.id] = page;
    openPage(open, page);
    this.#length += memory.byteLength;
    return page;
  }

  #dropPage(sizeClass: SizeClass, page: Page): void {
    closePage(sizeClass.open, page);
    sizeClass.pages[page.id] = undefined;
    sizeClass.freeIds.push(page.id);
    this.#length -= page.bytes.length;
  }
}

/** The smallest size class that holds `capacity` records. */
function classOf(capacity: number): number {
  let classIndex = 0;
  while (CAPACITIES[classIndex]! < capacity) classIndex++;
  return classIndex;
}

function runShape(capacity: number, recordLength: number, noteLength: number): RunShape {
  const notesAt = capacity * recordLength;
  const indexAt = Math.ceil((notesAt + noteLength * capacity) / 4) * 4;
  const slotCount = capacity > MAX_SCANNED_CAPACITY ? 2 ** (32 - Math.clz32(capacity)) : 0;
  const length = indexAt + 4 * slotCount;
  const runBits = Math.max(0, 31 - Math.clz32(PAGE_LENGTH / length));
  return { capacity, notesAt, indexAt, slotCount, length, runBits };
}

function openPage(open: Page[], page: Page): void {
  page.openAt = open.push(page) - 1;
}

function closePage(open: Page[], page: Page): void {
  const last = open.pop()!;
  if (last !== page) {
    open[page.openAt] = last;
    last.openAt = page.openAt;
  }
  page.openAt = -1;
}
