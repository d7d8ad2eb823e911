/** How the stream behind the handshake is sent, and how both sides agree on it. */
import { WireError } from '../wire-error.ts';

/** `plaintext`: only the handshake is encrypted. `rc4`: all of the stream is. */
export type MseMethod = 'plaintext' | 'rc4';

const BIT: Record<MseMethod, number> = { plaintext: 0x01, rc4: 0x02 };

/** The field `crypto_provide`, or `crypto_select` for one method. */
export function methodBits(methods: readonly MseMethod[]): number {
  return methods.reduce((bits, method) => bits | BIT[method], 0);
}

/**
 * The first of our methods that the other side provides; other bits are ignored.
 * @throws WireError `mse-no-method`
 */
export function chooseMethod(ours: readonly MseMethod[], provided: number): MseMethod {
  const method = ours.find((candidate) => (provided & BIT[candidate]) !== 0);
  if (method !== undefined) return method;
  throw new WireError('mse-no-method', `no common method: ours ${ours.join(', ')}`, {
    got: provided,
    limit: methodBits(ours),
  });
}

/**
 * The method that the other side selected.
 * @throws WireError `mse-no-method` unless it is exactly one of those we provided
 */
export function selectedMethod(provided: readonly MseMethod[], selected: number): MseMethod {
  const method = provided.find((candidate) => BIT[candidate] === selected);
  if (method !== undefined) return method;
  throw new WireError('mse-no-method', `selected ${selected}, provided ${provided.join(', ')}`, {
    got: selected,
    limit: methodBits(provided),
  });
}
