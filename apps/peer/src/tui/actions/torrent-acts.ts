/** What keys do to the selected torrent. Each says in a notice what it did. */
import type { EngineEvent, FilePriority, TorrentSummary } from '@shoal/engine';
import type { EnginePort, TorrentPort } from '../engine-port.ts';
import { formatCount, formatNoun } from '../format/numbers.ts';
import { whyUnasked } from '../format/unasked.ts';
import { isHalted } from '../state/keymap.ts';
import type { Notice } from '../state/ui-state.ts';
import { explain } from './explain.ts';

/** The acts that need nothing but a torrent. */
export type TorrentAct = 'toggle-pause' | 'verify' | 'sequential' | 'announce';

/** @returns a notice, or undefined when the torrent is gone */
export async function actOnTorrent(
  engine: EnginePort,
  summary: TorrentSummary,
  act: TorrentAct,
): Promise<Notice | undefined> {
  const torrent = engine.torrent(summary.infoHash);
  if (torrent === undefined) return undefined;
  try {
    if (act === 'verify') return await verify(engine, torrent, summary);
    return carryOut(torrent, summary, act);
  } catch (error) {
    return { tone: 'bad', text: `! ${summary.name}: ${explain(error)}`, name: summary.name };
  }
}

function carryOut(
  torrent: TorrentPort,
  summary: TorrentSummary,
  act: Exclude<TorrentAct, 'verify'>,
): Notice {
  const { name } = summary;
  switch (act) {
    case 'toggle-pause': {
      const isStopped = isHalted(summary);
      if (isStopped) torrent.resume();
      else torrent.pause();
      return { tone: 'plain', text: `${name} ${isStopped ? 'goes on' : 'is paused'}`, name };
    }
    case 'sequential': {
      const isOn = !torrent.getDetail().sequential;
      torrent.setSequential(isOn);
      const order = isOn ? 'in order, from the first piece' : 'rarest pieces first';
      return { tone: 'plain', text: `${name} is fetched ${order}`, name };
    }
    case 'announce': {
      const why = whyUnasked(torrent.getDetail());
      if (why !== undefined) return { tone: 'warn', text: `${name} ${why}`, name };
      torrent.announce();
      return { tone: 'plain', text: `asking the trackers of ${name} for peers`, name };
    }
  }
}

/**
 * Pauses those that run; where none does, lets all go on.
 * @returns a notice, or undefined when there is none
 */
export function togglePauseAll(
  engine: EnginePort,
  shown: readonly TorrentSummary[],
): Notice | undefined {
  const running = shown.filter((summary) => !isHalted(summary));
  const isPausing = running.length > 0;
  const acted = isPausing ? running : shown;
  if (acted.length === 0) return undefined;
  for (const { infoHash } of acted) {
    const torrent = engine.torrent(infoHash);
    if (isPausing) torrent?.pause();
    else torrent?.resume();
  }
  const [is, goes] = acted.length === 1 ? ['is', 'goes'] : ['are', 'go'];
  const words = isPausing ? `${is} paused; P resumes all` : `${goes} on`;
  return { tone: 'plain', text: `${formatNoun(acted.length, 'torrent')} ${words}` };
}

/** Says what the check found, which its event tells: it may be given up half way. */
async function verify(
  engine: EnginePort,
  torrent: TorrentPort,
  { name, infoHash, havePieceCount }: TorrentSummary,
): Promise<Notice> {
  const found: CheckFound[] = [];
  const unsubscribe = engine.onEvent((event) => {
    if (event.type === 'checked' && event.infoHash === infoHash) found.push(event);
  });
  try {
    await torrent.verify();
  } finally {
    unsubscribe();
  }
  const last = found.at(-1);
  if (last === undefined)
    return { tone: 'plain', text: `${name} was not checked to its end`, name };
  return checkNotice(name, havePieceCount, last);
}

type CheckFound = Extract<EngineEvent, { type: 'checked' }>;

function checkNotice(
  name: string,
  havePieceCount: number,
  { goodPieces, pieceCount }: CheckFound,
): Notice {
  const lostCount = havePieceCount - goodPieces;
  const good = formatCount(goodPieces);
  if (goodPieces === pieceCount)
    return { tone: 'good', text: `✓ ${name} is verified: all ${good} pieces are good`, name };
  if (lostCount > 0) {
    const lost = `${formatNoun(lostCount, 'piece')} ${lostCount === 1 ? 'is' : 'are'} bad or missing`;
    const rest = `${good} of ${formatCount(pieceCount)} are good`;
    return { tone: 'warn', text: `! ${lost}, to be fetched again; ${rest}: ${name}`, name };
  }
  return { tone: 'good', text: `✓ ${name}: all ${good} pieces that are here are good`, name };
}

/** Takes the torrent out of the list and out of the resume state; `eraseData` deletes its files. */
export async function removeTorrent(
  engine: EnginePort,
  asked: { readonly infoHash: string; readonly torrentName: string; readonly eraseData: boolean },
): Promise<Notice> {
  const { infoHash, torrentName: name, eraseData } = asked;
  try {
    await engine.remove(infoHash, { forget: true, eraseData });
    const rest = eraseData ? 'its files are deleted' : 'what is on disk stays';
    return { tone: 'plain', text: `${name} is removed; ${rest}`, name };
  } catch (error) {
    return { tone: 'bad', text: `! ${name} could not be removed whole: ${explain(error)}`, name };
  }
}

const NEXT_PRIORITY: Readonly<Record<FilePriority, FilePriority>> = {
  off: 'normal',
  low: 'normal',
  normal: 'high',
  high: 'low',
};

/** `toggle-file` switches between off and normal, `toggle-files` all at once, `cycle-priority` goes round the rest. */
export type FileAct = 'toggle-file' | 'toggle-files' | 'cycle-priority';

/**
 * @param row - of the file in the torrent's detail
 * @returns a notice, or undefined when there is no such file
 */
export function actOnFile(
  engine: EnginePort,
  infoHash: string,
  row: number,
  act: FileAct,
): Notice | undefined {
  const torrent = engine.torrent(infoHash);
  const file = torrent?.getDetail().files[row];
  if (torrent === undefined || file === undefined) return undefined;
  if (act === 'toggle-files') return toggleFiles(torrent);
  const toggled = file.priority === 'off' ? 'normal' : 'off';
  const priority = act === 'toggle-file' ? toggled : NEXT_PRIORITY[file.priority];
  torrent.setFilePriority(file.index, priority);
  const words = priority === 'off' ? 'is not fetched' : `has priority ${priority}`;
  return { tone: 'plain', text: `${file.path} ${words}`, name: file.path };
}

/** All on; all off only when none is off. */
function toggleFiles(torrent: TorrentPort): Notice {
  const { files, name } = torrent.getDetail();
  const off = files.filter(({ priority }) => priority === 'off');
  const [changed, priority] =
    off.length > 0 ? ([off, 'normal'] as const) : ([files, 'off'] as const);
  torrent.setFilePriorities(new Map(changed.map(({ index }) => [index, priority])));
  const count = formatNoun(files.length, 'file');
  const words =
    off.length > 0 ? `all ${count} of ${name} are fetched` : `no file of ${name} is fetched`;
  return { tone: 'plain', text: words, name };
}
