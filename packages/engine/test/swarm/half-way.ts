/** A torrent in the middle of its way from one node to another. */
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;

/** A leecher that has some of the torrent, from a seeder that sends 200 KiB a second. */
export async function openHalfWay(): Promise<{ stage: SwarmStage; seeder: Node; leecher: Node }> {
  const stage = await SwarmStage.open();
  const seeder = await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
  const leecher = await stage.leech(2);
  await stage.until(() => leecher.eventsOf('piece').length >= 8, 10_000);
  return { stage, seeder, leecher };
}
