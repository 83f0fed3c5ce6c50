import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { MAX_BODY_BYTES, problemSchema } from '@/lib/contracts';
import type { TestCa } from '@/lib/evidence/testing';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { type RawAnswer, sendRaw } from './testing/raw';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  service = await startTestService(db);
  await new Phone(ca, 'android').enrol(service.url);
});
afterAll(async () => {
  await service.close();
  await db.close();
});

/** The bar is 50 ms; a machine that runs other tests at the same time is granted ten times that. */
const SOON_MS = 500;

const ENDPOINTS = ['/v1/challenges', '/v1/instances', '/v1/attestations'];
const head = (path: string, headers: readonly string[]) =>
  `${['POST', path, 'HTTP/1.1'].join(' ')}\r\nHost: x\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;
const withBody =
  (body: string | Buffer, type = 'application/json', more: readonly string[] = []) =>
  (path: string) => [
    head(path, [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`, ...more]),
    body,
  ];
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

function expectProblem(answer: RawAnswer, status: number, code: string): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  expect(answer.headers).toMatch(/content-type: application\/problem\+json/i);
  expect(problemSchema.parse(JSON.parse(answer.body))).toMatchObject({ status, code });
  expect(answer.elapsedMs).toBeLessThan(SOON_MS);
}

const HOSTILE: readonly [string, (path: string) => readonly (string | Buffer)[], number, string][] = [
  ['no body', withBody(''), 400, 'request_malformed'],
  ['no media type', (path) => [head(path, ['Content-Length: 2']), '{}'], 415, 'media_type_unsupported'],
  ['a form', withBody('a=b', 'application/x-www-form-urlencoded'), 415, 'media_type_unsupported'],
  [
    'gzip',
    withBody(Buffer.alloc(40), 'application/json', ['Content-Encoding: gzip']),
    415,
    'content_encoding_unsupported',
  ],
  [
    'a bomb in brotli',
    withBody(Buffer.alloc(40), 'application/json', ['Content-Encoding: br']),
    415,
    'content_encoding_unsupported',
  ],
  ['a number', withBody('1'), 422, 'request_invalid'],
  ['an array', withBody('[]'), 422, 'request_invalid'],
  ['null', withBody('null'), 422, 'request_invalid'],
  ['an empty object', withBody('{}'), 422, 'request_invalid'],
  [
    'wrong types everywhere',
    withBody('{"appId":1,"clientData":{},"evidence":[],"instanceId":null}'),
    422,
    'request_invalid',
  ],
  [
    'prototype pollution',
    withBody('{"__proto__":{"appId":"retail-bank"},"constructor":{}}'),
    422,
    'request_invalid',
  ],
  ['a name twice', withBody('{"appId":"a-a","appId":"b-b"}'), 400, 'request_malformed'],
  ['nesting of 9', withBody(nested(9)), 400, 'request_malformed'],
  ['nesting of 10,000', withBody(nested(10_000)), 400, 'request_malformed'],
  ['half a surrogate pair', withBody('{"appId":"\\ud800"}'), 400, 'request_malformed'],
  ['NUL', withBody('{"appId":"a\\u0000"}'), 400, 'request_malformed'],
  ['no UTF-8', withBody(Buffer.from([0x22, 0xc3, 0x28, 0x22])), 400, 'request_malformed'],
  ['broken JSON', withBody('{"appId":'), 400, 'request_malformed'],
  ['64 KiB and a byte, announced', withBody('x'.repeat(MAX_BODY_BYTES + 1)), 413, 'request_too_large'],
  [
    'a gigabyte, announced and not sent',
    (path) => [head(path, ['Content-Type: application/json', 'Content-Length: 1073741824'])],
    413,
    'request_too_large',
  ],
  [
    '128 KiB in chunks, unannounced',
    (path) => [
      head(path, ['Content-Type: application/json', 'Transfer-Encoding: chunked']),
      ...Array.from({ length: 32 }, () => `1000\r\n${'x'.repeat(4096)}\r\n`),
    ],
    413,
    'request_too_large',
  ],
  ['client data that is no base64url', withBody('{"appId":"?","clientData":"a=b"}'), 422, 'request_invalid'],
];

describe.each(ENDPOINTS)('%s', (path) => {
  test.each(HOSTILE)('refuses %s', async (_, pieces, status, code) => {
    expectProblem(await sendRaw(service.url, pieces(path)), status, code);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('refuses %s, naming what it takes', async (method) => {
    const answer = await fetch(`${service.url}${path}`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  test('goes on after every one of them', async () => {
    expect((await new Phone(ca, 'android').enrol(service.url)).status).toBe(201);
  });
});

describe.each(['/v1/instances', '/v1/attestations'])('client data of %s', (path) => {
  test.each([
    ['is no JSON', Buffer.from('{').toString('base64url'), 400, 'request_malformed'],
    ['is nested too deep', Buffer.from(nested(9)).toString('base64url'), 400, 'request_malformed'],
    [
      'names an app twice',
      Buffer.from(`{"appId":"${TEST_APP.id}","appId":"b-b"}`).toString('base64url'),
      400,
      'request_malformed',
    ],
    ['has trailing bits', 'e31', 422, 'request_invalid'],
    ['names no app', encoded({}), 404, 'app_not_found'],
    ['names an unknown app', encoded({ appId: 'unknown-app' }), 404, 'app_not_found'],
    ['names a member of every object', encoded({ appId: '__proto__' }), 404, 'app_not_found'],
    ['names an app of 20 KB', encoded({ appId: 'a'.repeat(15_000) }), 404, 'app_not_found'],
    ['is too short of members', encoded({ appId: TEST_APP.id }), 422, 'request_invalid'],
    ['holds control characters', clientDataWith({ model: 'a\nb' }), 422, 'request_invalid'],
    [
      'holds 129 signals',
      clientDataWith({ signals: Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`s${i}`, true])) }),
      422,
      'request_invalid',
    ],
    [
      'holds signals that are no findings',
      clientDataWith({ signals: { hooks: 'yes' } }),
      422,
      'request_invalid',
    ],
    ['holds a huge version', clientDataWith({ configVersion: 1e300 }), 422, 'request_invalid'],
    [
      'holds a session key of another curve',
      clientDataWith({ sessionKey: { kty: 'EC', crv: 'P-384', x: 'a', y: 'b' } }),
      422,
      'request_invalid',
    ],
  ])('that %s is refused', async (_, clientData, status, code) => {
    expectProblem(await sendRaw(service.url, withBody(JSON.stringify({ clientData }))(path)), status, code);
  });
});

/** Client data that would do, but for these members. */
function clientDataWith(changes: object): string {
  return encoded({
    challenge: 'AAAA',
    appId: TEST_APP.id,
    platform: 'android',
    appVersion: '1',
    osVersion: '1',
    model: 'm',
    sdkVersion: '1',
    configVersion: 0,
    signals: {},
    ...changes,
  });
}

describe('the server itself', () => {
  test.each([
    ['no HTTP', ['hello\r\n\r\n'], 400, 'request_malformed'],
    ['a space in the path', ['GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'], 400, 'request_malformed'],
    ['no host', ['GET / HTTP/1.1\r\n\r\n'], 400, undefined],
    [
      'a header of 20 KB',
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
      431,
      'request_headers_too_large',
    ],
    [
      'a length and chunks together',
      [
        'POST /v1/challenges HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      400,
      'request_malformed',
    ],
    [
      'two lengths',
      ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
      400,
      'request_malformed',
    ],
    [
      'a bare line feed in a header',
      ['GET / HTTP/1.1\r\nHost: x\r\nX: a\nY: b\r\n\r\n'],
      400,
      'request_malformed',
    ],
    [
      "a path that is nobody's",
      ['GET /v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n'],
      404,
      'route_not_found',
    ],
    ['an absolute target', ['GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n'], 404, 'route_not_found'],
    [
      'a path of wrong percent signs',
      ['GET /v1/apps/%zz/config HTTP/1.1\r\nHost: x\r\n\r\n'],
      404,
      'app_not_found',
    ],
    [
      'an app that is no id',
      ['GET /v1/apps/__proto__/config HTTP/1.1\r\nHost: x\r\n\r\n'],
      404,
      'app_not_found',
    ],
  ] as const)('refuses %s', async (_, pieces, status, code) => {
    const answer = await sendRaw(service.url, pieces);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
    if (code !== undefined) expect(JSON.parse(answer.body)).toMatchObject({ code });
  });

  test('gives up on headers that trickle in, and on bodies that never come', async () => {
    const [headers, body] = await Promise.all([
      sendRaw(service.url, ['GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ']),
      sendRaw(service.url, [
        head('/v1/challenges', ['Content-Type: application/json', 'Content-Length: 10']),
        '{',
      ]),
    ]);
    for (const answer of [headers, body]) {
      expect(answer.status).toBe(408);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'request_timeout' });
    }
    expect(headers.elapsedMs).toBeLessThan(9_000);
  });
});

test('refuses a request with more headers than are read, instead of overlooking the last ones', async () => {
  const many = Array.from({ length: 2_100 }, () => 'a:');
  for (const path of ['/healthz', `/v1/authorize?api=${TEST_APP.apiId}`]) {
    const answer = await sendRaw(service.url, [
      `GET ${path} HTTP/1.1\r\nHost: x\r\n${many.map((line) => `${line}\r\n`).join('')}X-Forwarded-For: 203.0.113.9\r\n\r\n`,
    ]);
    expectProblem(answer, 431, 'request_headers_too_large');
  }
  const usual = Array.from({ length: 150 }, (_, index) => `a${index}: b`);
  const answer = await sendRaw(service.url, [
    `GET /healthz HTTP/1.1\r\nHost: x\r\n${usual.map((line) => `${line}\r\n`).join('')}\r\n`,
  ]);
  expect(answer.status).toBe(200);
});
