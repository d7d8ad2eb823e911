/** The swarms as one would write them down without a thought for memory: what the store must equal. */

interface ModelPeer {
  readonly peer: number;
  readonly family: 4 | 6;
  isSeeder: boolean;
  heardAtS: number;
  clientTag: number;
}

/** Who was heard of at another address that recently has several. */
const MIN_MOVE_AGE_S = 60;

interface ModelAnnounce {
  readonly family: 4 | 6;
  readonly isSeeder: boolean;
  readonly isStopped: boolean;
  readonly hasCompleted: boolean;
  readonly hasStarted?: boolean;
  readonly clientTag?: number;
}

interface ModelSwarm {
  readonly peers: Map<string, ModelPeer>;
  completedCount: number;
}

export class SwarmModel {
  readonly #swarms = new Map<number, ModelSwarm>();
  readonly #lifetimeS: number;

  constructor(lifetimeS: number) {
    this.#lifetimeS = lifetimeS;
  }

  get swarmCount(): number {
    return this.#swarms.size;
  }

  get peerCount(): number {
    return [...this.#swarms.values()].reduce((sum, { peers }) => sum + peers.size, 0);
  }

  announce(torrent: number, peer: number, announce: ModelAnnounce, nowS: number): void {
    const key = `${announce.family} ${peer}`;
    const swarm = this.#swarms.get(torrent) ?? { peers: new Map(), completedCount: 0 };
    const { clientTag = 0 } = announce;
    if (announce.isStopped) {
      const known = swarm.peers.get(key)?.clientTag ?? 0;
      if (known % 2 === 0 || clientTag === 0 || known === clientTag) swarm.peers.delete(key);
      if (swarm.peers.size === 0) this.#swarms.delete(torrent);
      return;
    }
    this.#swarms.set(torrent, swarm);
    const before = swarm.peers.get(key) ?? this.#takeFormer(swarm, announce, nowS);
    if (before !== undefined && !before.isSeeder && announce.isSeeder && announce.hasCompleted)
      swarm.completedCount++;
    swarm.peers.set(key, {
      peer,
      family: announce.family,
      isSeeder: announce.isSeeder,
      heardAtS: nowS,
      clientTag,
    });
  }

  /** By which client the peer was announced last; undefined when it is not there. */
  clientTagOf(torrent: number, peer: number, family: 4 | 6): number | undefined {
    return this.#swarms.get(torrent)?.peers.get(`${family} ${peer}`)?.clientTag;
  }

  /** A client with a key that was known from another address leaves that one. */
  #takeFormer(
    swarm: ModelSwarm,
    { family, clientTag = 0 }: ModelAnnounce,
    nowS: number,
  ): ModelPeer | undefined {
    if (clientTag % 2 === 0) return undefined;
    for (const [key, peer] of swarm.peers) {
      if (peer.family !== family || peer.clientTag !== clientTag) continue;
      if (nowS - peer.heardAtS < MIN_MOVE_AGE_S) return undefined;
      swarm.peers.delete(key);
      return peer;
    }
    return undefined;
  }

  /** Whom the announcing peer may be told of, of one family. */
  others(torrent: number, peer: number, announce: ModelAnnounce, family: 4 | 6): number[] {
    const peers = [...(this.#swarms.get(torrent)?.peers.values() ?? [])];
    const isSelf = (other: ModelPeer): boolean =>
      !announce.isStopped && other.peer === peer && other.family === announce.family;
    const needsSeeders =
      !announce.isSeeder ||
      (announce.hasStarted === true && this.counts(torrent).leecherCount === 0);
    return peers
      .filter((other) => other.family === family && !isSelf(other))
      .filter((other) => needsSeeders || !other.isSeeder)
      .map((other) => other.peer);
  }

  counts(torrent: number): { seederCount: number; leecherCount: number; completedCount: number } {
    const swarm = this.#swarms.get(torrent);
    const peers = [...(swarm?.peers.values() ?? [])];
    const seederCount = peers.filter(({ isSeeder }) => isSeeder).length;
    return {
      seederCount,
      leecherCount: peers.length - seederCount,
      completedCount: swarm?.completedCount ?? 0,
    };
  }

  sweep(nowS: number): void {
    for (const [torrent, { peers }] of this.#swarms) {
      for (const [key, { heardAtS }] of peers)
        if (nowS - heardAtS > this.#lifetimeS) peers.delete(key);
      if (peers.size === 0) this.#swarms.delete(torrent);
    }
  }

  delete(torrent: number): boolean {
    return this.#swarms.delete(torrent);
  }
}
