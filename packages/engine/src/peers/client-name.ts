/** Names of clients by the peer ids they choose. BEP 20. */
import type { PeerId } from '@shoal/units';

/** Azureus style: `-XX1234-`. */
const AZUREUS: Readonly<Record<string, string>> = {
  AZ: 'Vuze',
  BI: 'BiglyBT',
  DE: 'Deluge',
  FD: 'Free Download Manager',
  KT: 'KTorrent',
  LT: 'libtorrent',
  lt: 'rTorrent',
  PI: 'PicoTorrent',
  qB: 'qBittorrent',
  RN: 'rain',
  rQ: 'rqbit',
  SL: 'Shoal',
  TR: 'Transmission',
  TX: 'Tixati',
  UT: 'uTorrent',
  WD: 'WebTorrent Desktop',
  WW: 'WebTorrent',
};

/** The client's name and version as its peer id tells them: `Transmission 3.00`; `unknown` if it does not. */
export function clientName(peerId: PeerId): string {
  const text = String.fromCharCode(...peerId);
  const azureus = /^-([A-Za-z~]{2})([0-9A-Za-z]{4})-/.exec(text);
  if (azureus !== null) {
    const name = AZUREUS[azureus[1]!] ?? azureus[1]!;
    return `${name} ${version(azureus[1]!, azureus[2]!)}`;
  }
  const aria2 = /^A2-(\d)-(\d+)-(\d+)-/.exec(text);
  if (aria2 !== null) return `aria2 ${aria2[1]}.${aria2[2]}.${aria2[3]}`;
  return 'unknown';
}

function version(code: string, digits: string): string {
  if (code === 'TR') return `${digits[0]}.${digits.slice(1, 3)}`;
  const parts = [...digits].map((digit) => Number.parseInt(digit, 36));
  if (parts[3] === 0) parts.pop();
  return parts.join('.');
}
