/** The key exchange of message stream encryption: Diffie-Hellman over 768 bits. */
import type { Random } from '@shoal/units';
import { WireError } from '../wire-error.ts';

/** Bytes of a public key and of the shared secret. */
export const KEY_LENGTH = 96;

const PRIVATE_KEY_LENGTH = 20;
const GENERATOR = 2n;

/** The safe prime of MSE (RFC 2409, group 1, with another end). */
const PRIME = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
    '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
    '4fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563',
);

/** Ours for one handshake; never used twice. */
export class KeyPair {
  /** KEY_LENGTH bytes, big endian. */
  readonly publicKey: Uint8Array;
  readonly #privateKey: Uint8Array;

  constructor(random: Random) {
    this.#privateKey = random.bytes(PRIVATE_KEY_LENGTH);
    this.publicKey = toBytes(power(GENERATOR, this.#privateKey));
  }

  /**
   * The secret that both sides share: KEY_LENGTH bytes, big endian.
   * @throws WireError `mse-weak-key` for a key whose secret anybody knows: 0, 1, p - 1, p and above
   */
  secret(theirPublicKey: Uint8Array): Uint8Array {
    const theirs = fromBytes(theirPublicKey);
    if (theirs < 2n || theirs > PRIME - 2n)
      throw new WireError('mse-weak-key', 'the public key is outside 2..p-2');
    return toBytes(power(theirs, this.#privateKey));
  }
}

/** base ^ exponent mod PRIME, four bits of the exponent at a time. */
function power(base: bigint, exponent: Uint8Array): bigint {
  const powers = [1n];
  for (let at = 1; at < 16; at++) powers.push((powers[at - 1]! * base) % PRIME);
  let result = 1n;
  for (const byte of exponent)
    for (const nibble of [byte >> 4, byte & 15]) {
      for (let bit = 0; bit < 4; bit++) result = (result * result) % PRIME;
      if (nibble !== 0) result = (result * powers[nibble]!) % PRIME;
    }
  return result;
}

function fromBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint): Uint8Array {
  const hex = value.toString(16).padStart(2 * KEY_LENGTH, '0');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
