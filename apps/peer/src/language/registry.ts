/** Every command there is. The screen, scripts, completion and all help are made from this list. */
import type { Command } from './command.ts';
import { checkChunk } from './commands/check-chunk.ts';
import { checkTrackerConnected } from './commands/check-tracker.ts';
import * as connections from './commands/connection-commands.ts';
import * as content from './commands/content-commands.ts';
import { create } from './commands/create.ts';
import * as me from './commands/me-commands.ts';
import { mergeAll, mergeChunks } from './commands/merge-commands.ts';
import { helpCommand, quit } from './commands/program-commands.ts';
import { requestDownload } from './commands/request-download.ts';
import * as settings from './commands/setting-commands.ts';
import * as torrents from './commands/torrent-commands.ts';
import * as tracker from './commands/tracker-commands.ts';
import { upload } from './commands/upload.ts';

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  tracker.connectTracker,
  tracker.getPeerSet,
  tracker.updateStatusToTracker,
  tracker.disconnectTracker,
  tracker.quitTorrent,
  checkTrackerConnected,
  connections.connectPeer,
  connections.ping,
  requestDownload,
  upload,
  connections.disconnectPeer,
  connections.checkTargetPeerConnected,
  connections.choke,
  connections.unchoke,
  connections.ban,
  connections.unban,
  me.seeThisPeerInfo,
  me.seePeerSet,
  me.seeConnected,
  content.seeTorrentStruct,
  content.seeChunkStatus,
  content.seeCurrentChunks,
  content.seeMissingChunks,
  checkChunk,
  mergeChunks,
  mergeAll,
  me.seeSwarms,
  torrents.add,
  create,
  torrents.pause,
  torrents.resume,
  torrents.verify,
  settings.limit,
  settings.sequential,
  settings.select,
  settings.priority,
  torrents.wait,
  torrents.log,
  helpCommand(() => COMMANDS),
  quit,
];

/** @param name - without the slash */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}

/** The name that was probably meant: one that begins so, or one with two slips at most. */
export function nearestName(name: string): string | undefined {
  const names = COMMANDS.map((command) => command.name);
  const beginning = names.find((candidate) => name.length > 1 && candidate.startsWith(name));
  if (beginning !== undefined) return beginning;
  const ranked = names
    .map((candidate) => ({ candidate, slips: slipsBetween(name, candidate) }))
    .sort((a, b) => a.slips - b.slips);
  const best = ranked[0]!;
  return best.slips <= Math.min(2, name.length - 1) ? best.candidate : undefined;
}

/** Letters put in, left out, changed or swapped with their neighbour, to get from one to the other. */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, beforeLast[j - 2]! + 1);
      row.push(slips);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
