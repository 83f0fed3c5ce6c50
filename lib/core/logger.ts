import { pino } from 'pino';

/**
 * The structured log of a process: one JSON object a line on standard error, client text always JSON-escaped.
 * Never log a token, key, certificate, assertion or address.
 */
export type Logger = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** A logger whose lines carry `component`. */
export function createLogger(component: string, level = 'info'): Logger {
  return pino(
    { level, base: { component, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** A logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' });
