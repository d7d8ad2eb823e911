/** Names of clients by the first 8 characters of the peer ids that they choose. BEP 20. Pure. */

/** Azureus style: `-XX1234-`. */
const AZUREUS: Readonly<Record<string, string>> = {
  AZ: 'Vuze',
  BC: 'BitComet',
  BI: 'BiglyBT',
  BT: 'BitTorrent',
  DE: 'Deluge',
  FD: 'Free Download Manager',
  KT: 'KTorrent',
  LT: 'libtorrent',
  PI: 'PicoTorrent',
  RN: 'rain',
  SL: 'Shoal',
  TR: 'Transmission',
  TX: 'Tixati',
  UE: 'µTorrent Embedded',
  UM: 'µTorrent for Mac',
  UT: 'µTorrent',
  UW: 'µTorrent Web',
  WD: 'WebTorrent Desktop',
  WW: 'WebTorrent',
  XL: 'Xunlei',
  lt: 'rTorrent',
  qB: 'qBittorrent',
  rQ: 'rqbit',
};

/** A client as people call it. */
export interface ClientName {
  readonly name: string;
  /** Empty when the peer id does not tell. */
  readonly version: string;
}

/** Peer ids that follow no known style. */
export const UNNAMED: ClientName = { name: 'unnamed', version: '' };

/** What the begin of a peer id says; UNNAMED when it says nothing. */
export function readClientName(prefix: string): ClientName {
  const [, code, digits] = /^-([A-Za-z~]{2})([0-9A-Za-z]{4})-$/.exec(prefix) ?? [];
  if (code !== undefined && digits !== undefined)
    return {
      name: Object.hasOwn(AZUREUS, code) ? AZUREUS[code]! : code,
      version: readVersion(code, digits),
    };
  const [, letters, version] = /^(A2|M)-?(\d+(?:-\d+){0,2})/.exec(prefix) ?? [];
  if (version === undefined) return UNNAMED;
  return {
    name: letters === 'A2' ? 'aria2' : 'BitTorrent',
    version: version.replaceAll('-', '.'),
  };
}

/** Four digits of base 36; a letter in the last place says alpha, beta or stable to most. */
function readVersion(code: string, digits: string): string {
  if (code === 'TR' && digits < '4') return `${digits[0]}.${digits.slice(1, 3)}`;
  if (code === 'WW' || code === 'WD')
    return `${Number(digits.slice(0, 2))}.${Number(digits.slice(2))}`;
  const parts = [...digits.slice(0, 3)].map((digit) => Number.parseInt(digit, 36));
  const last = digits.charAt(3);
  if (/[1-9]/.test(last)) parts.push(Number(last));
  return parts.join('.');
}
