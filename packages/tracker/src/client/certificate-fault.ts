/** Why a certificate is refused, in words. Pure. */

/** By the codes of OpenSSL and Node. */
const FAULTS: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is signed by itself'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its authority is signed by itself and not known here'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'its authority is not known here'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its authority is not known here'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its authority is not known here'],
  ['CERT_UNTRUSTED', 'its authority is not known here'],
  ['CERT_HAS_EXPIRED', 'it has expired'],
  ['CERT_NOT_YET_VALID', 'its time has not begun'],
  ['CERT_REVOKED', 'it was revoked'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another host'],
]);

/** @param code - of the error that ended a connection; undefined when that is about something else */
export function certificateFaultOf(code: string): string | undefined {
  return FAULTS.get(code);
}
