/** The log on stderr: JSON by pino for machines, lines for people. */
import { textLog } from '@shoal/cli';
import type { Log, LogFields } from '@shoal/units';
import { destination, pino } from 'pino';
import { cleanFields, redactText } from './clean-fields.ts';

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

const STDERR = 2;

/** A log that no secret gets into; each line is written at once, so that the last one is never lost. */
export function logOf(flags: LogFlags): Log {
  const { logLevel: level, logFormat: format, logAddresses = false } = flags;
  const isText = format === 'text' || (format === 'auto' && process.stderr.isTTY === true);
  const log = isText
    ? textLog(level, (line) => process.stderr.write(`${line}\n`), Date.now)
    : jsonLog(level);
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void =>
      log[name](redactText(message), cleanFields(fields, logAddresses));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function jsonLog(level: LogLevel): Log {
  const logger = pino(
    { level, base: { name: 'shoal-tracker' } },
    destination({ fd: STDERR, sync: true }),
  );
  return {
    debug: (message, fields) => logger.debug(fields, message),
    info: (message, fields) => logger.info(fields, message),
    warn: (message, fields) => logger.warn(fields, message),
    error: (message, fields) => logger.error(fields, message),
  };
}
