/** Adds what was typed or pasted. */
import type { EnginePort, TorrentPort } from '../engine-port.ts';
import { explain } from './explain.ts';

export interface AddPorts {
  readonly engine: EnginePort;
  /** Adds what one magnet or path names, a folder all its torrents; its errors are sentences. */
  readonly addSource: (text: string) => Promise<readonly TorrentPort[]>;
  /** Where it is saved, as a person writes it; undefined when that is not known. */
  readonly saveFolder?: string | undefined;
}

export interface Added {
  readonly torrents: readonly TorrentPort[];
  /** The first thing that went wrong, one sentence. */
  readonly error: string | undefined;
}

/** Adds each source in turn; one that fails does not stop the others. */
export async function addTorrents(ports: AddPorts, text: string): Promise<Added> {
  const sources = splitSources(text);
  if (sources.length === 0) return { torrents: [], error: 'Paste a magnet or type a path.' };
  const torrents: TorrentPort[] = [];
  let error: string | undefined;
  for (const source of sources) {
    try {
      torrents.push(...(await ports.addSource(source)));
    } catch (cause) {
      error ??= explain(cause);
    }
  }
  return { torrents, error };
}

/**
 * Several magnets in one paste are several sources; anything else is one path, which may have
 * blanks. Quotes and backslashes that terminals put around dropped files are taken off.
 */
export function splitSources(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const words = trimmed.split(/\s+/);
  if (words.every((word) => /^magnet:/i.test(word))) return words;
  const quoted = /^(['"])(.*)\1$/.exec(trimmed);
  return [quoted?.[2] ?? trimmed.replace(/\\([ '"()&\\])/g, '$1')];
}
