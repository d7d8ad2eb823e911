import { describe, expect, it } from 'vitest';
import { SECTIONS } from '../../src/language/command.ts';
import { helpOf, helpOverview } from '../../src/language/help/help-text.ts';
import { COMMANDS, findCommand, nearestCommand } from '../../src/language/registry.ts';

/** What the language promises, table by table. */
const PROMISED = [
  'connect_tracker',
  'get_peer_set',
  'update_status_to_tracker',
  'disconnect_tracker',
  'quit_torrent',
  'check_tracker_connected',
  'connect_peer',
  'ping',
  'request_download',
  'upload',
  'disconnect_peer',
  'check_target_peer_connected',
  'choke',
  'unchoke',
  'ban',
  'see_this_peer_info',
  'see_peer_set',
  'see_connected',
  'see_torrent_struct',
  'see_chunk_status',
  'see_current_chunks',
  'see_missing_chunks',
  'check_chunk',
  'merge_chunks',
  'merge_all',
  'see_swarms',
  'add',
  'create',
  'pause',
  'resume',
  'verify',
  'limit',
  'sequential',
  'select',
  'priority',
  'log',
  'help',
  'quit',
];

describe('the registry', () => {
  it('has every command that is promised, and each once', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(PROMISED));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'says of /%s what it takes, does and answers, in words that fit a screen',
    (name, { usage, summary, answers, examples, section }) => {
      expect(usage.startsWith(`/${name}`)).toBe(true);
      expect(summary).toMatch(/^[a-z].{10,85}[^.]$/);
      expect(answers).not.toBe('');
      expect(SECTIONS).toHaveProperty(section);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example.split(' ')[0]).toBe(`/${name}`);
    },
  );

  it('is all in the help', () => {
    const overview = helpOverview(COMMANDS);
    for (const { usage } of COMMANDS) expect(overview).toContain(usage);
    expect(helpOf(findCommand('ping')!)).toMatchInlineSnapshot(`
      "usage    /ping IP PORT
      does     measures the round trip of a connection, or of connect and handshake
      answers  Peer[IP:PORT] 0.42 ms, or why not
      such as  /ping 192.0.2.7 6881"
    `);
  });

  it.each([
    ['pnig', 'ping'],
    ['see_conected', 'see_connected'],
    ['see_sw', 'see_swarms'],
    ['connect', 'connect_tracker'],
    ['xyzzy', undefined],
    ['p', undefined],
    ['', undefined],
  ])('takes /%s for %s', (name, near) => {
    expect(nearestCommand(name)).toBe(near);
  });
});
