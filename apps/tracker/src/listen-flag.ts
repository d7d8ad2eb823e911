/** Where to listen, as a flag says it. */

/** `off`, or an address whose host may be a name; undefined for all addresses. */
export type ListenFlag = 'off' | { readonly host: string | undefined; readonly port: number };

/** Reads `off`, `PORT`, `HOST:PORT` or `[IPV6]:PORT`; undefined for anything else. */
export function parseListenFlag(text: string): ListenFlag | undefined {
  if (text === 'off') return 'off';
  const [, bracketed, plain, portText] =
    /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(portText);
  if (portText === undefined || port > 65_535) return undefined;
  return { host: bracketed ?? plain, port };
}
