/** The head of an HTTP answer. Pure. RFC 9112, RFC 9110. */

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  431: 'Request Header Fields Too Large',
  505: 'HTTP Version Not Supported',
};

/** How the body stands to `Accept-Encoding`: the same for all, or one of two. */
export type BodyCoding = 'fixed' | 'plain' | 'gzip';

const CODING_LINES: Readonly<Record<BodyCoding, string>> = {
  fixed: '',
  plain: 'Vary: Accept-Encoding\r\n',
  gzip: 'Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n',
};

/** The methods that are served. RFC 9110, section 15.5.6: a refusal of others names them. */
const ALLOW_LINE = 'Allow: GET, HEAD\r\n';

/**
 * Status line and header lines with the empty one behind them: under 200 characters, one a byte.
 * @param length - of the body, as it is sent; undefined when no body follows whose length is known
 * @param connection - the value of that line, undefined for none
 */
export function answerHead(
  status: number,
  length: number | undefined,
  connection: string | undefined,
  coding: BodyCoding = 'fixed',
): string {
  const line = connection === undefined ? '' : `Connection: ${connection}\r\n`;
  const lengthLine = length === undefined ? '' : `Content-Length: ${length}\r\n`;
  const allowLine = status === 405 ? ALLOW_LINE : '';
  return `HTTP/1.1 ${status} ${REASONS[status]}\r\nContent-Type: text/plain\r\n${lengthLine}${allowLine}${CODING_LINES[coding]}${line}\r\n`;
}
