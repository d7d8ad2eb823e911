/** The port through which local discovery sees the network. */
import type { PeerAddress, Subnet } from '@shoal/units';

/** Where every client of the neighbourhood listens. */
export interface MulticastGroup {
  readonly family: 4 | 6;
  readonly host: string;
  readonly port: number;
}

export interface MulticastSocket {
  /** Sends to the group on every interface. What a single interface refuses is not told. */
  send(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface MulticastNetwork {
  /**
   * Joins a group. Our own messages come back too.
   * @param receive - called for each datagram; the bytes are its own
   * @throws the system's error when the family is not there or the port cannot be shared
   */
  open(
    group: MulticastGroup,
    receive: (bytes: Uint8Array, from: PeerAddress) => void,
  ): Promise<MulticastSocket>;
  /** The networks this machine is in now. */
  subnets(): readonly Subnet[];
}
