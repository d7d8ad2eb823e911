/** The Log port as lines on stderr: one line an event, no secret, no escape. */
import type { Log, LogFields } from '@shoal/units';
import { cleanText } from './clean-text.ts';
import { redactSecrets } from './redact.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LEVELS)[number] | 'silent';

/**
 * A log that hands each line at or above `level` to `print`.
 *
 * Shape: `2026-01-31T12:00:00.000Z warn announce failed url=http://t.example/*** attempt=2`
 * @param wallMs - milliseconds since 1970
 */
export function textLog(level: LogLevel, print: (line: string) => void, wallMs: () => number): Log {
  const least = level === 'silent' ? LEVELS.length : LEVELS.indexOf(level);
  const at = (own: (typeof LEVELS)[number]) =>
    LEVELS.indexOf(own) < least
      ? () => {}
      : (message: string, fields?: LogFields) => {
          const time = new Date(wallMs()).toISOString();
          print(cleanText(redactSecrets(`${time} ${own} ${message}${formatFields(fields)}`)));
        };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function formatFields(fields: LogFields = {}): string {
  let text = '';
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) text += ` ${name}=${quote(String(value))}`;
  return text;
}

function quote(value: string): string {
  return /[\s"=]/.test(value) ? JSON.stringify(value) : value;
}
