import { describe, expect, it } from 'vitest';
import { addTorrents, splitSources } from '../../../src/tui/actions/add-torrents.ts';
import { FakeEngine } from '../fake-engine.ts';

const ports = (engine = new FakeEngine()) => ({
  engine,
  addSource: async (text: string) => {
    if (!text.startsWith('magnet:')) throw new Error(`There is no torrent at ${text}.`);
    return [engine.addMagnet(text)];
  },
});

describe('splitSources', () => {
  it('takes several magnets in one paste apart', () => {
    expect(splitSources('magnet:?a\nmagnet:?b ')).toEqual(['magnet:?a', 'magnet:?b']);
  });

  it('takes a path with blanks as one', () => {
    expect(splitSources(' /home/nora/my file.torrent')).toEqual(['/home/nora/my file.torrent']);
  });

  it('takes off the quotes and backslashes of dropped files', () => {
    expect(splitSources("'/a b.torrent'")).toEqual(['/a b.torrent']);
    expect(splitSources('/a\\ b\\(1\\).torrent')).toEqual(['/a b(1).torrent']);
  });

  it('finds nothing in blanks', () => {
    expect(splitSources('  \n')).toEqual([]);
  });
});

describe('addTorrents', () => {
  it('adds each magnet', async () => {
    const added = await addTorrents(ports(), 'magnet:?dn=one magnet:?dn=two');
    expect(added.error).toBeUndefined();
    expect(added.torrents.map((torrent) => torrent.getSummary().name)).toEqual(['one', 'two']);
  });

  it('says in one sentence why nothing was added', async () => {
    const added = await addTorrents(ports(), '/nowhere.torrent');
    expect(added).toEqual({ torrents: [], error: 'There is no torrent at /nowhere.torrent.' });
    expect((await addTorrents(ports(), '')).error).toBe('Paste a magnet or type a path.');
  });

  it('names a duplicate as one', async () => {
    const duplicate = Object.assign(new Error('infohash 0a1b is there'), { code: 'duplicate' });
    const addSource = () => Promise.reject(duplicate);
    const added = await addTorrents({ ...ports(), addSource }, 'magnet:?a');
    expect(added.error).toBe('That torrent is in the list already.');
  });
});
