/** What a person has set for all torrents together, as it is kept from one run to the next. */
import { openSealed, seal } from './sealed.ts';
import type { Limits } from './snapshot.ts';

const FORMAT = 1;
/** Addresses banned by hand that are kept; past it the oldest is let go. */
const BANNED_LIMIT = 10_000;

export interface EngineSettings {
  readonly limits: Limits;
  /** IP addresses banned by hand, oldest first. */
  readonly bannedHosts: readonly string[];
}

export const DEFAULT_SETTINGS: EngineSettings = {
  limits: { downBytesPerS: undefined, upBytesPerS: undefined },
  bannedHosts: [],
};

/** A change: what the settings are after it, whatever they were. */
export type SettingsEdit = (settings: EngineSettings) => EngineSettings;

/** Sets the limits that are named. */
export function settingLimits(limits: Partial<Limits>): SettingsEdit {
  return (settings) => ({ ...settings, limits: { ...settings.limits, ...limits } });
}

/** Bans an IP address, as the newest. */
export function banning(host: string): SettingsEdit {
  const without = unbanning(host);
  return (settings) => ({
    ...settings,
    bannedHosts: [...without(settings).bannedHosts, host],
  });
}

/** Lets an IP address in again. */
export function unbanning(host: string): SettingsEdit {
  return (settings) => ({
    ...settings,
    bannedHosts: settings.bannedHosts.filter((other) => other !== host),
  });
}

/** Writes them, sealed by their SHA-1. */
export function encodeSettings({ limits, bannedHosts }: EngineSettings): Uint8Array {
  return seal({
    format: FORMAT,
    'down limit': limits.downBytesPerS && Math.round(limits.downBytesPerS),
    'up limit': limits.upBytesPerS && Math.round(limits.upBytesPerS),
    banned: bannedHosts.slice(-BANNED_LIMIT),
  });
}

/** @returns undefined for what is damaged; @throws BencodeError for what has not even the shape */
export function decodeSettings(bytes: Uint8Array): EngineSettings | undefined {
  const { reader, isIntact } = openSealed(bytes, 'settings');
  if (!isIntact) return undefined;
  reader.integer('format', { min: FORMAT, max: FORMAT });
  return {
    limits: {
      downBytesPerS: reader.optionalInteger('down limit', { min: 0 }),
      upBytesPerS: reader.optionalInteger('up limit', { min: 0 }),
    },
    bannedHosts: reader.list('banned').texts(),
  };
}
