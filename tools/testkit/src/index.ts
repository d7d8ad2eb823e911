/** What tests of all packages share: manual time, repeatable chance, a network in memory. */
export { firstCertificate, secondCertificate, type TestCertificate } from './certificates.ts';
export { checkClosed } from './check-closed.ts';
export {
  type AskedBlock,
  type Conduct,
  corrupting,
  honest,
  shortening,
  silent,
} from './fake-peer/conduct.ts';
export { FakeConnection } from './fake-peer/fake-connection.ts';
export { FakePeer, type FakePeerOptions } from './fake-peer/fake-peer.ts';
export { ManualClock } from './manual-clock.ts';
export type { HostOptions, MemoryHost } from './network/memory-host.ts';
export { MemoryNetwork } from './network/memory-network.ts';
export { type Ended, eventsOf, type ProgramOptions, ProgramProcess } from './program-process.ts';
export { hurriedClock, realClock, realRandom } from './real-ports.ts';
export { seededRandom } from './seeded-random.ts';
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
