/** Message stream encryption with aria2 and Transmission: required on both sides, or off on ours. */
import type { Case } from '../case.ts';
import { aria2, aria2With } from '../clients/aria2.ts';
import type { Client } from '../clients/client.ts';
import { shoalWith } from '../clients/shoal.ts';
import { transmission, transmissionWith } from '../clients/transmission.ts';
import { shoalTracker } from '../trackers/shoal-tracker.ts';
import { swarm } from './transfer.ts';

const shoalRequire = shoalWith('shoal --encryption require', '--encryption', 'require');
const shoalOff = shoalWith('shoal --encryption off', '--encryption', 'off');
/** RC4 for the data too, not for the handshake alone. */
const aria2Require = aria2With(
  'aria2 that requires RC4',
  '--bt-require-crypto=true',
  '--bt-min-crypto-level=arc4',
);
/** 2: it dials and takes nothing else. */
const transmissionRequire = transmissionWith('transmission that requires it', { encryption: 2 });

const PAIRS: readonly (readonly [seeder: Client, leecher: Client])[] = [
  [shoalRequire, aria2Require],
  [aria2Require, shoalRequire],
  [shoalRequire, transmissionRequire],
  [transmissionRequire, shoalRequire],
  [shoalRequire, shoalRequire],
  [shoalOff, aria2],
  [aria2, shoalOff],
  [shoalOff, transmission],
  [transmission, shoalOff],
];

export const encryptionCases: readonly Case[] = PAIRS.map(([seeder, leecher]) =>
  swarm({ seeder, leechers: [leecher], tracker: shoalTracker }),
);
