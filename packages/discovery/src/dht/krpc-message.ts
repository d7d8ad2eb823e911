/** The messages of the DHT, checked and cut down to what is known. Pure. BEP 5. */
import {
  type BencodeDict,
  BencodeError,
  type BencodeValue,
  type DecodeOptions,
  DictReader,
  decode,
  encode,
} from '@shoal/bencode';
import { DiscoveryError } from '../discovery.ts';

/** Bytes of a datagram at most: none of the protocol's needs more than an Ethernet frame takes. */
export const KRPC_LENGTH_LIMIT = 1500;
/** Bytes of a token at most. Clients give 4 to 20; what we got goes back beside 120 bytes of ours. */
const TOKEN_LENGTH_LIMIT = 64;

/** A query, or an answer to one. */
export interface KrpcMessage {
  readonly kind: 'query' | 'response' | 'error';
  /** By which an answer finds its query: 1..32 bytes, chosen by who asks. */
  readonly transactionId: Uint8Array;
  /** The whole message with its known members alone; all of them of the type they must have. */
  readonly dict: BencodeDict;
}

const ID_LENGTH = 20;
const NODE_LENGTH = 26;
const PEER_LENGTH = 6;
const RECEIVED_LIMITS = { maxDepth: 8, maxItems: 1000, maxLength: KRPC_LENGTH_LIMIT };

/**
 * Reads one datagram: another node's, or what the library wants to send.
 *
 * Known are the queries `ping`, `find_node`, `get_peers` and `announce_peer`; the members `id`,
 * `nodes`, `token` and `values` of responses (peers that are no 6 bytes and tokens
 * past 64 bytes are left out); errors.
 * @param limits - those of what others send when left out
 * @throws DiscoveryError `bad-message` for anything else: it gets no answer
 */
export function decodeKrpc(
  bytes: Uint8Array,
  limits: DecodeOptions = RECEIVED_LIMITS,
): KrpcMessage {
  try {
    const message = DictReader.of(decode(bytes, { ...limits, allowUnsortedKeys: true }));
    const transactionId = message.bytes('t');
    if (transactionId.length < 1 || transactionId.length > 32) throw bad('transaction id');
    const kind = KINDS.get(message.text('y'));
    if (kind === undefined) throw bad('no query, response or error');
    const members = READERS[kind](message);
    const dict = new Map([...members, ['t', transactionId], ['y', message.bytes('y')]]);
    return { kind, transactionId, dict: dict as BencodeDict };
  } catch (error) {
    if (error instanceof BencodeError) throw bad(error.message, error);
    throw error;
  }
}

/** The message with another transaction id, and with other members when they are given. */
export function encodeKrpc(
  { dict }: KrpcMessage,
  transactionId: Uint8Array,
  members: ReadonlyMap<string, BencodeValue> = new Map(),
): Uint8Array {
  return encode(new Map([...dict, ...members, ['t', transactionId]]));
}

/** Most peers and nodes in a response of ours. */
export interface ReplyLimits {
  readonly peerCount: number;
  readonly nodeCount: number;
}

/** A response with no more than the limits allow, the closest nodes first; other messages as they are. */
export function cutReply(message: KrpcMessage, limits: ReplyLimits): KrpcMessage {
  const body = message.dict.get('r');
  if (!(body instanceof Map)) return message;
  const cut = new Map<string, BencodeValue>(body);
  const values = cut.get('values');
  if (Array.isArray(values)) cut.set('values', values.slice(0, limits.peerCount));
  const nodes = cut.get('nodes');
  if (nodes instanceof Uint8Array)
    cut.set('nodes', nodes.subarray(0, limits.nodeCount * NODE_LENGTH));
  return { ...message, dict: new Map([...message.dict, ['r', cut]]) };
}

type Members = (readonly [string, BencodeValue])[];

const KINDS: ReadonlyMap<string, KrpcMessage['kind']> = new Map([
  ['q', 'query'],
  ['r', 'response'],
  ['e', 'error'],
] as const);

const READERS: Readonly<Record<KrpcMessage['kind'], (message: DictReader) => Members>> = {
  query: readQuery,
  response: readResponse,
  error: readError,
};

function readQuery(message: DictReader): Members {
  const body = message.dict('a');
  const id = ['id', body.bytes('id', { length: ID_LENGTH })] as const;
  const name = message.text('q');
  const known: Members = [id];
  if (name === 'find_node') known.push(idMember(body, 'target'));
  else if (name === 'get_peers') known.push(idMember(body, 'info_hash'));
  else if (name === 'announce_peer') known.push(idMember(body, 'info_hash'), ...readAnnounce(body));
  else if (name !== 'ping') throw bad(`query ${JSON.stringify(name.slice(0, 20))}`);
  return [
    ['a', new Map(known)],
    ['q', message.bytes('q')],
  ];
}

function readAnnounce(body: DictReader): Members {
  const token = body.bytes('token');
  const isImplied = (body.optionalInteger('implied_port') ?? 0) !== 0;
  const port = isImplied ? 0 : body.integer('port', { min: 1, max: 65_535 });
  return [
    ['implied_port', isImplied ? 1 : 0],
    ['port', port],
    ['token', token],
  ];
}

function readResponse(message: DictReader): Members {
  const body = message.dict('r');
  const known: Members = [idMember(body, 'id')];
  const nodes = body.optionalBytes('nodes');
  if (nodes !== undefined) {
    if (nodes.length % NODE_LENGTH !== 0) throw bad(`${nodes.length} bytes of nodes`);
    known.push(['nodes', nodes]);
  }
  const token = body.optionalBytes('token');
  if (token !== undefined && token.length <= TOKEN_LENGTH_LIMIT) known.push(['token', token]);
  const values = body.optionalList('values')?.values;
  if (values !== undefined) known.push(['values', values.filter(isPeer)]);
  return [['r', new Map(known)]];
}

function readError(message: DictReader): Members {
  const body = message.list('e');
  return [['e', [body.integer(0), body.bytes(1)]]];
}

function idMember(body: DictReader, key: string): readonly [string, Uint8Array] {
  return [key, body.bytes(key, { length: ID_LENGTH })];
}

function isPeer(value: BencodeValue): boolean {
  return value instanceof Uint8Array && value.length === PEER_LENGTH;
}

function bad(reason: string, cause?: unknown): DiscoveryError {
  return new DiscoveryError('bad-message', `no DHT message: ${reason}`, cause);
}
