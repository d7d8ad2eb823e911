/** The flags of a command that runs a peer, beside those of every swarm. */
import { addSwarmFlags, flag, oneOf, type SwarmFlags } from '@shoal/cli';
import type { StoreKind } from '@shoal/engine';
import type { Command } from 'commander';

export interface PeerFlags extends SwarmFlags {
  /** Folders whose complete torrents are seeded from where they lie. */
  readonly share?: readonly string[];
  readonly store?: StoreKind;
  /** Without a screen: goes on for torrents that appear in the folders later. The screen always does. */
  readonly watch?: boolean;
}

/** Adds all of them. */
export function addPeerFlags(command: Command): Command {
  command
    .addOption(flag('-o, --output <dir>', 'folder for the files (default: this one)'))
    .addOption(
      flag(
        '--share <dir>',
        'seed what is complete in it, write nothing there (repeatable)',
        folders,
      ),
    )
    .addOption(flag('--store <kind>', 'keep pieces as files or chunks (default: files)', kind))
    .addOption(flag('--watch', 'get: go on for torrents that appear in the folders'));
  return addSwarmFlags(command);
}

const kind = oneOf('files', 'chunks');

/** Paths may have blanks in them. */
function folders(path: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, path];
}
