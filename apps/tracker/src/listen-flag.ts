/** Where to listen, as a flag says it. */
import { InvalidArgumentError } from 'commander';

/** An address whose host may be a name; undefined for all addresses. */
export interface ListenPlace {
  readonly host: string | undefined;
  readonly port: number;
}

/** Of a flag with one value. */
export type ListenFlag = 'off' | ListenPlace;

/** `off`: compared by identity, for it goes with no other value. */
const NOWHERE: readonly ListenPlace[] = [];

/** Reads `off`, `PORT`, `HOST:PORT` or `[IPV6]:PORT`; undefined for anything else. */
function parseListenFlag(text: string): ListenFlag | undefined {
  if (text === 'off') return 'off';
  const [, bracketed, plain, portText] =
    /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(portText);
  if (portText === undefined || port > 65_535) return undefined;
  return { host: bracketed ?? plain, port };
}

/** Reads where to listen. @throws InvalidArgumentError */
export function listening(text: string): ListenFlag {
  const place = parseListenFlag(text);
  if (place === undefined)
    throw new InvalidArgumentError('Write PORT, HOST:PORT, [IPV6]:PORT, or off.');
  return place;
}

/**
 * Reads the values of a flag that may come more than once; in one text they stand apart by spaces.
 * @param defaults - what the first value takes the place of
 * @throws InvalidArgumentError
 */
export function listeningOn(
  defaults?: readonly ListenPlace[],
): (text: string, previous?: readonly ListenPlace[]) => readonly ListenPlace[] {
  return (text, previous) => {
    let places = previous === defaults ? undefined : previous;
    for (const word of text === '' ? [''] : text.trim().split(/\s+/)) {
      const place = listening(word);
      if (places !== undefined && (place === 'off' || places === NOWHERE))
        throw new InvalidArgumentError('Write off alone.');
      places = place === 'off' ? NOWHERE : [...(places ?? []), place];
    }
    return places ?? NOWHERE;
  };
}
