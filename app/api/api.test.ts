import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contentSecurityPolicy } from '@/app/content-security-policy';
import { silentLogger } from '@/lib/core';
import { networkOf } from './client-network';
import { csvCell } from './export-file';
import { problemResponse } from './problem';
import { parseInput, queryReader, readJsonBody } from './request-input';
import { sessionCookieName } from './session-cookie';

describe('the network of a request', () => {
  test.each([
    ['198.51.100.7', [], '198.51.100.0/24'],
    ['203.0.113.9, 198.51.100.7', [], '198.51.100.0/24'],
    ['203.0.113.9, 10.0.0.1, 10.0.0.2', ['10.0.0.0/8'], '203.0.113.0/24'],
    ['203.0.113.9, 10.0.0.1', ['10.0.0.1'], '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', [], '2001:db8:1::/48'],
    ['2001:db8::1', [], '2001:db8:0::/48'],
    ['::1', [], '0:0:0::/48'],
    ['fe80::1%eth0', [], 'fe80:0:0::/48'],
    ['::ffff:198.51.100.7', [], '198.51.100.0/24'],
    ['unknown', [], 'unknown'],
    ['<script>', [], 'unknown'],
    [null, [], 'unknown'],
  ] as const)('of %j behind %j is %s', (header, proxies, network) => {
    expect(networkOf(header, proxies)).toBe(network);
  });
});

describe('a cell of an export', () => {
  test.each([
    ['Pixel 10', 'Pixel 10'],
    [null, ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['line\nbreak', '"line\nbreak"'],
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['\uff1d1', `"'\uff1d1"`],
  ])('of %j is written as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

test('lists are read from a URL for a list only, and the last value counts for anything else', () => {
  const read = queryReader(z.object({ app: z.array(z.string()).default([]), q: z.string().optional() }));
  expect(read(new URLSearchParams('app=a&q=1&q=2&x=3'))).toEqual({ app: ['a'], q: '2', x: '3' });
});

test('a body that is cut off is a request that is malformed, and no failure of the console', async () => {
  const body = new ReadableStream({
    start: (controller) => controller.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })),
  });
  const headers = { 'content-type': 'application/json' };
  const request = new Request('http://console.test', {
    ...{ method: 'POST', headers, body },
    ...{ duplex: 'half' },
  });
  await expect(readJsonBody(request)).rejects.toMatchObject({ code: 'request_malformed' });
});

describe('text that the database cannot store', () => {
  const schema = z.object({ reason: z.string(), more: z.array(z.object({ name: z.string() })).default([]) });

  test.each([
    [{ reason: 'a\0b' }, 'reason'],
    [{ reason: 'a\ud800b' }, 'reason'],
    [{ reason: 'fine', more: [{ name: 'fine' }, { name: '\0' }] }, 'more.1.name'],
  ])('is refused as an input, and named: %j', (input, field) => {
    expect(() => parseInput(schema, input)).toThrow(
      expect.objectContaining({ code: 'request_invalid', fields: { [field]: expect.any(String) } }),
    );
  });

  test('is not any other text', () => {
    expect(parseInput(schema, { reason: 'π 🦭 \t \ufffd' }).reason).toBe('π 🦭 \t \ufffd');
  });
});

test.each([
  ['53100', 503],
  ['53200', 503],
  ['25006', 503],
  ['EHOSTUNREACH', 503],
  ['ENOTFOUND', 503],
  ['ETIMEDOUT', 503],
  ['23505', 500],
])('an error with the code %s of the database is answered with %i', (code, status) => {
  const error = new Error('failed', { cause: Object.assign(new Error('detail'), { code }) });
  expect(problemResponse(error, silentLogger).status).toBe(status);
});

test('the session cookie is bound to host and TLS wherever browsers reach the console by it', () => {
  expect(sessionCookieName('https://console.example')).toBe('__Host-countersign-session');
  expect(sessionCookieName('http://localhost:3000')).toBe('countersign-session');
});

test('the policy of a page lets scripts run by their nonce only, and eval in development only', () => {
  const policy = contentSecurityPolicy('abc', false);
  expect(policy).toContain(`script-src 'self' 'nonce-abc' 'strict-dynamic';`);
  expect(policy).toContain(`frame-ancestors 'none'`);
  expect(policy).not.toContain('unsafe-eval');
  expect(contentSecurityPolicy('abc', true)).toContain('unsafe-eval');
});
