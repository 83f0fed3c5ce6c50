import { z } from 'zod';
import { AppError } from '@/lib/core';
import { fieldsOf } from './problem';

/** Largest body that a route reads. */
const MAX_BODY_BYTES = 64 * 1024;
/** NUL and halves of surrogate pairs: no I-JSON (RFC 7493 §2.1), and Postgres stores neither. */
const NOT_STORABLE = /[\p{Surrogate}\0]/u;

/**
 * Refuses a mutation that another origin could have caused (OWASP CSRF, "verifying origin"): browsers state where a
 * request comes from, and scripts of other sites cannot change that.
 * @throws AppError `origin_untrusted`
 */
export function requireSameOrigin(request: Request, consoleUrl: string): void {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const trusted =
    (site === null || site === 'same-origin') &&
    (origin === null
      ? site === 'same-origin'
      : origin === new URL(consoleUrl).origin ||
        (site === 'same-origin' && hostOf(origin) === request.headers.get('host')));
  if (!trusted) throw new AppError('origin_untrusted');
}

/**
 * The JSON object in a body of at most 64 KiB; no more than that is ever read.
 * @throws AppError `media_type_unsupported`, `content_encoding_unsupported`, `request_too_large`, `request_malformed`
 */
export async function readJsonBody(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new AppError('media_type_unsupported');
  if (request.headers.has('content-encoding')) throw new AppError('content_encoding_unsupported');
  const body: unknown = parseJson(await readText(request));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AppError('request_malformed', { detail: 'The body must be a JSON object.' });
  }
  return body as Record<string, unknown>;
}

/**
 * Reads the parameters of a URL as the schema wants them: a list for a list, the last one for anything else.
 */
export function queryReader(schema: z.ZodType): (search: URLSearchParams) => Record<string, unknown> {
  const shape: Record<string, unknown> = schema instanceof z.ZodObject ? schema.shape : {};
  const lists = new Set(Object.keys(shape).filter((name) => isList(shape[name])));
  return (search) => {
    const input: Record<string, unknown> = {};
    for (const name of new Set(search.keys())) {
      const values = search.getAll(name);
      input[name] = lists.has(name) ? values : values.at(-1);
    }
    return input;
  };
}

/** The input as the schema knows it. @throws AppError `request_invalid`, naming each wrong field */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new AppError('request_invalid', { fields: fieldsOf(parsed.error) });
  const field = unstorableField(parsed.data, []);
  if (field !== undefined) {
    throw new AppError('request_invalid', { fields: { [field]: 'holds a character that cannot be stored' } });
  }
  return parsed.data;
}

/** Path of the first text that Postgres would refuse. It looks at what a schema let in, which nests only so deep. */
function unstorableField(value: unknown, path: readonly string[]): string | undefined {
  if (typeof value === 'string') return NOT_STORABLE.test(value) ? path.join('.') : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const field = unstorableField(member, [...path, name]);
    if (field !== undefined) return field;
  }
  return undefined;
}

async function readText(request: Request): Promise<string> {
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    // Whoever leaves while their request is read has made no failure of ours.
    const { done, value } = await reader.read().catch(cutOff);
    if (done) break;
    length += value.byteLength;
    if (length > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new AppError('request_too_large');
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function cutOff(): never {
  throw new AppError('request_malformed', { detail: 'The body was cut off.' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('request_malformed', { detail: 'The body is not JSON.' });
  }
}

function isList(schema: unknown): boolean {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return isList(schema.unwrap());
  return schema instanceof z.ZodArray;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
