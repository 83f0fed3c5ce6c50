import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { type LogFile, openLogFile } from './log-file';

const WARN_LEVEL = 40;
const MAX_LINE = 64 * 1024;

const lineSchema = z.object({
  level: z.number(),
  msg: z.string().optional(),
  err: z.object({ message: z.string() }).optional(),
});

/** Where the output of a child goes. */
export interface ChildLog {
  attach(stdout: Readable | null, stderr: Readable | null): void;
  write(line: string): void;
  /** The last warning or error, for the case that the child cannot start. */
  lastProblem(): string | undefined;
  close(): void;
}

/** Writes a child's output to a rotated file; warnings, and what is not structured on standard error, also to `warn`. */
export function openChildLog(file: string, warn: (text: string) => void): ChildLog {
  const log: LogFile = openLogFile(file);
  let last: string | undefined;
  const note = (line: string) => {
    const problem = problemOf(line);
    if (problem === undefined) return;
    last = problem;
    warn(problem);
  };
  return {
    attach(stdout, stderr) {
      stdout?.on('data', (chunk: Buffer) => log.write(chunk));
      stderr?.on('data', (chunk: Buffer) => log.write(chunk));
      if (stderr) eachLine(stderr, note);
    },
    write: (line) => log.write(`${line}\n`),
    lastProblem: () => last,
    close: () => log.close(),
  };
}

/** What a line of a log says that a person should know: warnings and worse, and plain text. */
export function problemOf(line: string): string | undefined {
  if (line.trim() === '') return undefined;
  if (!line.startsWith('{')) return line;
  try {
    const { level, msg, err } = lineSchema.parse(JSON.parse(line));
    if (level < WARN_LEVEL) return undefined;
    return [msg, err?.message].filter(Boolean).join(': ') || line;
  } catch {
    return line;
  }
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) take(line);
  });
  stream.on('end', () => {
    if (rest) take(rest);
    rest = '';
  });
}
