/** What follows for a torrent when a piece comes, fails, is lost, or is wanted more or less than before. */
import type { PieceIndex } from '@shoal/units';
import type { Content, ContentListener } from './content.ts';
import { EngineError } from './engine-error.ts';
import { demandFile } from './open-content.ts';
import type { ResumeKeeper } from './state/resume-keeper.ts';
import type { FilePriority } from './state/snapshot.ts';
import type { TorrentLife } from './torrent-life.ts';
import type { TorrentNetwork } from './torrent-network.ts';
import type { TorrentParts } from './torrent-parts.ts';
import type { TorrentReporter } from './torrent-reporter.ts';

export interface TorrentPiecesOptions {
  readonly parts: TorrentParts;
  readonly network: TorrentNetwork;
  readonly reporter: TorrentReporter;
  readonly keeper: ResumeKeeper;
  readonly life: TorrentLife;
  /** Undefined while it is being opened. */
  content(): Content | undefined;
}

export class TorrentPieces implements ContentListener {
  readonly #options: TorrentPiecesOptions;

  constructor(options: TorrentPiecesOptions) {
    this.#options = options;
  }

  /** @throws EngineError `bad-selection` */
  setFilePriorities(changes: ReadonlyMap<number, FilePriority>): void {
    const content = this.#options.content();
    if (content === undefined)
      throw new EngineError('bad-selection', 'the files are not known yet');
    for (const fileIndex of changes.keys()) demandFile(fileIndex, content.info);
    for (const [fileIndex, priority] of changes) content.selection.set(fileIndex, priority);
    content.applySelection();
    this.#reconsider();
  }

  handleVerified(pieceIndex: PieceIndex): void {
    const { network, reporter, life, content } = this.#options;
    network.swarm.haves?.announce(pieceIndex);
    reporter.emit({ type: 'piece', index: pieceIndex });
    this.#changed();
    life.handleVerified(content()!.info.layout.lengthOf(pieceIndex));
  }

  handleHashFailed(pieceIndex: PieceIndex): void {
    this.#options.reporter.hashFailed(pieceIndex);
  }

  handleGuilty(sender: string, pieceIndex: PieceIndex): void {
    const { network, reporter, content } = this.#options;
    const deed = `sent bad data for piece ${pieceIndex}`;
    if (content()?.banWebSeed(sender))
      reporter.note('warn', `web seed ${sender} ${deed}: it is not asked again`);
    else network.banPeer(sender, deed);
  }

  handleWebSeedTrouble(message: string): void {
    this.#options.reporter.note('warn', message);
  }

  handleLost(pieceIndex: PieceIndex): void {
    const { network, reporter } = this.#options;
    reporter.note('error', `piece ${pieceIndex} is no more on disk as it was verified`);
    network.retract(pieceIndex);
    this.#changed();
  }

  /** A person has had the piece hashed, and nobody else puts right what follows. */
  handleLostByHand(pieceIndex: PieceIndex): void {
    this.handleLost(pieceIndex);
    this.#reconsider();
  }

  handleChanged(pieceIndex: PieceIndex): void {
    this.handleLost(pieceIndex);
    // Where one piece was changed others may be, and nothing may be served before that is known.
    void this.#options.life.verify();
  }

  handleStoreFault(error: unknown): void {
    this.#options.life.handleStoreFault(error);
  }

  /** Peers may be of more use, or of less, and there may be nothing left to fetch. */
  #reconsider(): void {
    this.#options.network.swarm.haves?.recount();
    this.#options.life.reconsider();
  }

  #changed(): void {
    this.#options.keeper.markDirty();
    this.#options.parts.markChanged();
  }
}
