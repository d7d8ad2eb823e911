/** Connections whose TLS handshake is under way: held in number and time like those behind it. */
import type { Socket } from 'node:net';

/** How long a handshake may take. */
const TIMEOUT_MS = 5_000;
/** Handshakes at a time; the one that began first makes room for a new one. */
const MAX_COUNT = 4_096;

interface Handshake {
  readonly socket: Socket;
  readonly deadlineMs: number;
}

export class Handshakes {
  /** By the other side; those that began last stand at the end. */
  readonly #underWay = new Map<string, Handshake>();

  /** A connection was made: nothing of TLS has come. */
  begin(socket: Socket, nowMs: number): void {
    if (this.#underWay.size >= MAX_COUNT) this.#shed();
    const name = nameOf(socket);
    const handshake = { socket, deadlineMs: nowMs + TIMEOUT_MS };
    this.#underWay.set(name, handshake);
    socket.on('close', () => {
      if (this.#underWay.get(name) === handshake) this.#underWay.delete(name);
    });
  }

  /** @param socket - the encrypted one over a connection that began */
  finish(socket: Socket): void {
    this.#underWay.delete(nameOf(socket));
  }

  /** Ends those that took too long. */
  sweep(nowMs: number): void {
    for (const [name, { socket, deadlineMs }] of this.#underWay) {
      // Those that began later have a later deadline.
      if (deadlineMs > nowMs) return;
      this.#underWay.delete(name);
      socket.destroy();
    }
  }

  /** Ends all of them. */
  close(): void {
    for (const { socket } of this.#underWay.values()) socket.destroy();
  }

  #shed(): void {
    for (const [name, { socket }] of this.#underWay) {
      this.#underWay.delete(name);
      socket.destroy();
      return;
    }
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
