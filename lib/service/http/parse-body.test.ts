import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MAX_BODY_BYTES } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { parseAs, parseStrictJson, readJson } from './parse-body';

function request(body: Buffer | string, headers: Record<string, string> = {}): IncomingMessage {
  const stream = new PassThrough();
  stream.end(body);
  return Object.assign(stream, {
    headers: { 'content-type': 'application/json', ...headers },
  }) as unknown as IncomingMessage;
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('strict JSON', () => {
  test.each([
    ['an object', '{"a":{"b":[1,"x",null]}}'],
    ['the same name in different objects', '{"a":{"x":1},"b":{"x":2},"c":[{"x":3},{"x":4}]}'],
    ['a string that looks like structure', '{"a":"{\\"b\\":1,\\"b\\":2}[[[[[[[[[["}'],
    ['eight levels', `{"a":${nested(7)}}`],
    ['a name after a value that equals it', '{"a":"b","b":"a"}'],
    ['escaped quotes and backslashes', '{"a\\\\":"\\"","b":"\\\\"}'],
    ['a surrogate pair in escapes', '{"a":"\\ud83d\\ude00"}'],
  ])('accepts %s', (_, text) => {
    expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  test.each([
    ['nothing', ''],
    ['nine levels', `{"a":${nested(8)}}`],
    ['a million levels', nested(30_000)],
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a name twice further in', '{"x":[{"k":{"a":1,"b":2,"a":3}}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['a byte order mark', '\ufeff{}'],
    ['half a surrogate pair', '{"a":"\\ud800"}'],
    ['NUL in a string', '{"a":"\\u0000"}'],
    ['NUL in a name', '{"\\u0000":1}'],
    ['an unterminated string', '{"a'],
    ['an unterminated escape', '{"a\\'],
    ['a trailing comma', '{"a":1,}'],
    ['two values', '{}{}'],
    ['a comment', '{}//'],
    ['single quotes', "{'a':1}"],
    ['NaN', '{"a":NaN}'],
    ['closing without opening', ']]]]'],
    ['a raw control character', '{"a":"\n"}'],
  ])('refuses %s', async (_, text) => {
    expect(await codeOf(() => parseStrictJson(Buffer.from(text)))).toBe('request_malformed');
  });

  test('refuses what is not UTF-8', async () => {
    expect(await codeOf(() => parseStrictJson(Buffer.from([0x7b, 0xff, 0x7d])))).toBe('request_malformed');
  });

  test('never throws anything but its own refusal, and accepts only what JSON.parse accepts', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(...'{}[],:"\\u0a1 ') })),
        (text) => {
          try {
            expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text));
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('takes time in proportion to the text', () => {
    const many = `{${Array.from({ length: 6_000 }, (_, index) => `"k${index}":1`).join(',')}}`;
    const started = performance.now();
    parseStrictJson(Buffer.from(many));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('a request body', () => {
  test.each([
    ['another media type', { 'content-type': 'text/plain' }, 'media_type_unsupported'],
    ['no media type', { 'content-type': '' }, 'media_type_unsupported'],
    [
      'another character set',
      { 'content-type': 'application/json; charset=utf-16' },
      'media_type_unsupported',
    ],
    [
      'a suffix on the media type',
      { 'content-type': 'application/json-patch+json' },
      'media_type_unsupported',
    ],
    ['gzip', { 'content-encoding': 'gzip' }, 'content_encoding_unsupported'],
    ['identity, spelled out', { 'content-encoding': 'identity' }, 'content_encoding_unsupported'],
    ['a length that is too large', { 'content-length': String(MAX_BODY_BYTES + 1) }, 'request_too_large'],
    ['the usual', {}, 'accepted'],
    ['a character set of UTF-8', { 'content-type': 'application/json; charset="UTF-8"' }, 'accepted'],
  ])('with %s', async (_, headers, expected) => {
    expect(await codeOf(() => readJson(request('{}', headers)))).toBe(expected);
  });

  test('of exactly 64 KiB is read, of one byte more is not, whatever its length header says', async () => {
    const exactly = `"${'x'.repeat(MAX_BODY_BYTES - 2)}"`;
    expect(await codeOf(() => readJson(request(exactly)))).toBe('accepted');
    expect(await codeOf(() => readJson(request(`${exactly} `)))).toBe('request_too_large');
  });

  test('that breaks off is refused', async () => {
    const stream = request('{"a":');
    stream.destroy();
    expect(await codeOf(() => readJson(stream))).toBe('request_malformed');
  });

  test('that does not match its schema is refused, naming at most ten fields', () => {
    const schema = z.object(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, z.string()])));
    try {
      parseAs(schema, {});
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'request_invalid' });
      expect(Object.keys((error as AppError).fields ?? {})).toHaveLength(10);
    }
  });
});
