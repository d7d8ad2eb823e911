/** A peer's address: `IP PORT`, `IP:PORT` or `[v6]:PORT`. */
import { formatPeerAddress, type PeerAddress, parseIp, parsePeerAddress } from '@shoal/units';
import { type Argument, type Candidate, oneWord } from '../argument.ts';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';

export const peerArgument: Argument<PeerAddress> = {
  usage: 'IP PORT',
  take: ([first]) => (first === undefined ? 0 : parsePeerAddress(first) === undefined ? 2 : 1),
  read(words) {
    const [host, port] = words;
    const text =
      port === undefined ? host! : `${host!.includes(':') ? bracketed(host!) : host}:${port}`;
    const address = parsePeerAddress(text);
    if (address !== undefined) return address;
    throw new CommandError(
      'bad-argument',
      `"${words.join(' ')}" is no peer address`,
      'write IP PORT, such as 192.0.2.7 6881, or [2001:db8::1]:6881',
    );
  },
  complete(context, _partial, before) {
    const addresses = knownAddresses(context);
    if (before.length === 0)
      return addresses.map((address) => ({ text: formatPeerAddress(address) }));
    return addresses
      .filter(({ host }) => host === before[0])
      .map(({ port }) => ({ text: String(port) }));
  },
};

/** An IP address, for all of its ports. */
export const hostArgument: Argument<string> = oneWord({
  usage: 'IP',
  read(word) {
    const address = parseIp(word) === undefined ? undefined : parsePeerAddress(bracketed(word), 1);
    if (address !== undefined) return address.host;
    throw new CommandError(
      'bad-argument',
      `"${word}" is no IP address`,
      'write one such as 192.0.2.7',
    );
  },
  complete: (context): Candidate[] =>
    [...new Set(knownAddresses(context).map(({ host }) => host))].map((text) => ({ text })),
});

/** `[v6]`; anything else as it is. */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** Connected ones first. */
function knownAddresses(context: CommandContext): PeerAddress[] {
  const known = context.torrent().byHand.knownPeers();
  const connected = known.filter(({ status }) => status === 'connected');
  const others = known.filter(({ status }) => status !== 'connected');
  return [...connected, ...others].flatMap(({ address }) => parsePeerAddress(address) ?? []);
}
