/** Peers without a tracker: local service discovery and the DHT behind one interface. */

export { PUBLIC_BOOTSTRAP } from './dht/bootstrap-node.ts';
export type { DhtDiscoveryOptions } from './dht/dht-discovery.ts';
export { DhtDiscovery } from './dht/dht-discovery.ts';
export { isNodeIdOf, makeNodeId } from './dht/node-id.ts';
export type { Discovery, DiscoveryErrorCode, PeersListener } from './discovery.ts';
export { DiscoveryError } from './discovery.ts';
export type { LocalDiscoveryOptions } from './local/local-discovery.ts';
export { LocalDiscovery, LSD_GROUPS } from './local/local-discovery.ts';
export type { LsdMessage } from './local/lsd-message.ts';
export { decodeLsdMessage, encodeLsdMessage } from './local/lsd-message.ts';
export type { MulticastGroup, MulticastNetwork, MulticastSocket } from './local/multicast.ts';
export { type ListInterfaces, udpMulticast } from './local/udp-multicast.ts';
