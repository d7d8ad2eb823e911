/** Every command there is. The screen, scripts, completion and all help are made from this list. */
import { nearestName } from '@shoal/cli';
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

/** The name of a command that was probably meant. */
export function nearestCommand(name: string): string | undefined {
  return nearestName(
    name,
    COMMANDS.map((command) => command.name),
  );
}
