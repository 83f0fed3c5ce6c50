import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { MAX_BODY_BYTES, MAX_JSON_DEPTH } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { findJsonFault, type JsonFault } from './json-scanner';

const MEDIA_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

const FAULTS: Readonly<Record<JsonFault, string>> = {
  too_deep: `The JSON is nested deeper than ${MAX_JSON_DEPTH}.`,
  duplicate_key: 'A member occurs twice in one object.',
  unterminated_string: 'The body is not JSON.',
  text_not_storable: 'A string holds a NUL or half a surrogate pair.',
};

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses JSON as strictly as the protocol demands: UTF-8 without a byte order mark, limited depth, no duplicate member.
 * @throws AppError `request_malformed`
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new AppError('request_malformed', { detail: 'The body is not UTF-8.' });
  }
  const fault = findJsonFault(text, MAX_JSON_DEPTH);
  if (fault !== undefined) throw new AppError('request_malformed', { detail: FAULTS[fault] });
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('request_malformed', { detail: 'The body is not JSON.' });
  }
}

/**
 * Reads a JSON body of at most 64 KiB; what goes beyond is never buffered. Headers are judged before the first byte.
 * @throws AppError `content_encoding_unsupported`, `media_type_unsupported`, `request_too_large`, `request_malformed`
 */
export async function readJson(incoming: IncomingMessage): Promise<unknown> {
  if (incoming.headers['content-encoding'] !== undefined) throw new AppError('content_encoding_unsupported');
  if (!MEDIA_TYPE.test(incoming.headers['content-type'] ?? '')) throw new AppError('media_type_unsupported');
  return parseStrictJson(await readBytes(incoming));
}

function readBytes(incoming: IncomingMessage): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    return Promise.reject(new AppError('request_too_large'));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else finish(() => reject(new AppError('request_too_large')));
    };
    const onEnd = () =>
      finish(() => resolve(chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks)));
    const onClose = () =>
      finish(() => reject(new AppError('request_malformed', { detail: 'The body ended too early.' })));
    const finish = (settle: () => void) => {
      incoming.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      // A late error has no one left to tell; without a listener it would end the process.
      incoming.on('error', () => undefined);
      settle();
    };
    incoming.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

const EMPTY = Buffer.alloc(0);
const MAX_FIELDS_NAMED = 10;

/**
 * Checks parsed JSON against a schema.
 * @throws AppError `request_invalid`, naming at most ten fields
 */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('request_invalid', { fields: fieldsOf(parsed.error) });
}

/** What is wrong, by the path of the field. */
export function fieldsOf(error: z.ZodError): Record<string, string> {
  return Object.fromEntries(
    error.issues
      .slice(0, MAX_FIELDS_NAMED)
      .map((issue) => [issue.path.map(String).join('.').slice(0, 200) || 'body', issue.message]),
  );
}
