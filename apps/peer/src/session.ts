/** One run of a peer: its engine, the way into it, the folders it watches. */
import { type CliError, cleanText, peersOf, type Teller } from '@shoal/cli';
import type { EngineHandle, TorrentHandle } from '@shoal/engine';
import type { Arguments } from './add-source.ts';
import { openEngine } from './engine-options.ts';
import { Folders } from './folders.ts';
import { Intake } from './intake.ts';
import { checkShareFolder, openOutputFolder } from './output-folder.ts';
import type { PeerFlags } from './peer-flags.ts';

export interface SessionOptions {
  readonly flags: PeerFlags;
  readonly teller: Teller;
  /** The state folder unless `--state` names one. @param outputFolder - absolute */
  defaultState(outputFolder: string): string;
  /** Told once of each file of a folder that cannot be added. */
  handleBad(error: CliError): void;
  /** Torrents run even if a former run left them paused: nobody is there to resume them. */
  readonly resumesAll?: boolean;
  /** Told of each torrent before it can have completed; again when it moved to another folder. */
  readonly handleAdded?: (torrent: TorrentHandle, engine: EngineHandle) => void;
}

export interface Session {
  readonly engine: EngineHandle;
  /** Absolute. */
  readonly outputFolder: string;
  readonly intake: Intake;
  /** Adds what was there when it ended last. @throws EngineError */
  restore(): Promise<void>;
  /**
   * Adds what the arguments name, then watches the folders.
   * @param mayBeEmpty - torrents are expected later
   * @throws CliError, EngineError
   */
  take(given: Arguments, mayBeEmpty: boolean): Promise<Folders>;
  /** Says goodbye, keeps all state, closes everything. */
  close(): Promise<void>;
}

/** @throws CliError for a folder or a peer; EngineError, TrackerError for what is taken or locked */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { flags, teller, handleBad, handleAdded, resumesAll = false } = options;
  const outputFolder = await openOutputFolder(flags.output ?? '.');
  for (const folder of flags.share ?? []) await checkShareFolder(folder);
  const peers = await peersOf(flags);
  const { engine, close } = await openEngine(flags, options.defaultState(outputFolder), teller);
  const intake = new Intake({
    engine,
    flags,
    outputFolder,
    peers,
    resumesAll,
    note: (text) => teller.note(text),
    handleAdded: (torrent) => handleAdded?.(torrent, engine),
  });
  const inUse: string[] = [];
  engine.onEvent((event) => {
    if (event.type === 'state-damaged') teller.note(cleanText(event.message));
    if (event.type === 'torrent-in-use') inUse.push(cleanText(event.name, 60));
  });
  let folders: Folders | undefined;
  return {
    engine,
    outputFolder,
    intake,
    restore: async () => {
      intake.adopt(await engine.restore(outputFolder));
      if (inUse.length > 0) teller.note(describeInUse(inUse));
    },
    take: async (given, mayBeEmpty) => {
      for (const source of given.sources) await intake.addOrAdjust(source);
      folders = new Folders(given.folders, {
        handleTorrent: async (source) => {
          if (engine.torrent(source.infoHash) === undefined) await intake.add(source);
        },
        handleBad,
      });
      await folders.start(mayBeEmpty);
      return folders;
    },
    close: async () => {
      await folders?.close();
      await close();
      await intake.settled();
    },
  };
}

/** Whoever looks for them here must not think that they are lost. */
function describeInUse([name, ...others]: readonly string[]): string {
  const more = others.length === 0 ? ' is' : ` and ${others.length} more are`;
  return `${name}${more} in use by another shoal with this state folder, and left to it`;
}
