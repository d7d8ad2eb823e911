/** The log on stderr: JSON by pino for machines, lines for people. */
import { textLog } from '@shoal/cli';
import type { Log, LogFields } from '@shoal/units';
import { type DestinationStream, pino } from 'pino';
import { cleanFields, redactText } from './clean-fields.ts';
import { type LineWriter, stderrLines } from './line-writer.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** `auto`: lines when stderr is a terminal, JSON everywhere else. */
export const LOG_FORMATS = ['auto', 'json', 'text'] as const;
type LogFormat = (typeof LOG_FORMATS)[number];

/** The flags that say what is logged. */
export interface LogFlags {
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Whether the addresses of peers may stand in it. */
  readonly logAddresses?: boolean;
}

/**
 * A log that no secret gets into. Lines that could not be written are counted in the first one that can.
 * @param lines - where they go: stderr unless given
 */
export function logOf(flags: LogFlags, lines: LineWriter = stderrLines): Log {
  const { logLevel: level, logFormat: format, logAddresses = false } = flags;
  const isText = format === 'text' || (format === 'auto' && process.stderr.isTTY === true);
  const log = isText
    ? textLog(level, (line) => lines.write(`${line}\n`), Date.now)
    : jsonLog(level, lines);
  let knownLostCount = 0;
  const tellLost = (): void => {
    const { lostCount, hasFailed } = lines;
    if (lostCount === knownLostCount || hasFailed) return;
    knownLostCount = lostCount;
    log.warn('lines of the log were lost', { lostCount });
  };
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      tellLost();
      log[name](redactText(message), cleanFields(fields, logAddresses));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function jsonLog(level: LogLevel, lines: DestinationStream): Log {
  const logger = pino({ level, base: { name: 'shoal-tracker' } }, lines);
  return {
    debug: (message, fields) => logger.debug(fields, message),
    info: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
    error: (message, fields) => logger.error(fields, message),
  };
}
