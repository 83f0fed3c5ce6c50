import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { callHook, hookSignature } from './hook-client';

const call = (url: string) => ({
  url,
  secret: 's'.repeat(32),
  idempotencyKey: 'k',
  body: { action: 'rotate' },
  nowMs: 1_800_000_000_000,
});

describe('a hook', () => {
  test.each([
    ['http://example.com/', 'hook_url_refused'],
    ['ftp://example.com/', 'hook_url_refused'],
    ['https://user:password@example.com/', 'hook_url_refused'],
    ['nonsense', 'hook_url_refused'],
    ['https://127.0.0.1/', 'hook_address_private'],
    ['https://2130706433/', 'hook_address_private'],
    ['https://0x7f.1/', 'hook_address_private'],
    ['https://[::1]/', 'hook_address_private'],
    ['https://[::ffff:127.0.0.1]/', 'hook_address_private'],
    ['https://localhost/', 'hook_address_private'],
  ])('at %s is not called: %s', async (url, code) => {
    expect(await callHook(call(url), { allowPrivate: false })).toEqual({ ok: false, code });
  });

  test('is asked under a signature that covers the time and the body', () => {
    const mac = createHmac('sha256', 'secret').update('1800000000.{}').digest('hex');
    expect(hookSignature('secret', '{}', 1_800_000_000_999)).toBe(`t=1800000000,v1=${mac}`);
  });
});
