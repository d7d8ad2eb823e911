/** Our IP addresses as others see them: what most of them say. BEP 10 `yourip`, BEP 24. */
import { type PeerAddress, peerAddressFromBytes } from '@shoal/units';
import { putNewest } from './keep-newest.ts';

/** Voices that are counted for each address family; the oldest goes. */
const VOICE_LIMIT = 50;
/** One liar alone is not believed. */
const ENOUGH_VOICES = 2;

export class OwnAddress {
  readonly #port: number;
  /** Who said it -> what it said. */
  readonly #voices = { 4: new Map<string, string>(), 6: new Map<string, string>() };
  #addresses: readonly PeerAddress[] = [];

  /** @param port - where we listen */
  constructor(port: number) {
    this.#port = port;
  }

  /** The address of each family that is known; the same array while nothing changed. */
  get addresses(): readonly PeerAddress[] {
    return this.#addresses;
  }

  /**
   * Somebody tells us our address; a later word of the same one takes the place of the former.
   * @param voice - the host or the tracker that says so
   * @param ip - 4 or 16 bytes
   */
  handleTold(voice: string, ip: Uint8Array): void {
    const { host, family } = peerAddressFromBytes(ip, this.#port);
    const voices = this.#voices[family];
    if (voices.get(voice) === host) return;
    putNewest(voices, voice, host, VOICE_LIMIT);
    const addresses = ([4, 6] as const).flatMap((each) => this.#mostSaid(each));
    if (hostsOf(addresses) !== hostsOf(this.#addresses)) this.#addresses = addresses;
  }

  #mostSaid(family: 4 | 6): PeerAddress[] {
    const counts = new Map<string, number>();
    for (const host of this.#voices[family].values()) counts.set(host, (counts.get(host) ?? 0) + 1);
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    if (most === undefined || most[1] < ENOUGH_VOICES) return [];
    return [{ host: most[0], port: this.#port, family }];
  }
}

function hostsOf(addresses: readonly PeerAddress[]): string {
  return addresses.map(({ host }) => host).join();
}
