import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { callHook, hookSignature } from './hook-client';
import { isPublicAddress } from './public-address';

const call = (url: string) => ({
  url,
  secret: 's'.repeat(32),
  idempotencyKey: 'k',
  body: { action: 'rotate' },
  nowMs: 1_800_000_000_000,
});

describe('a private address', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'ff02::1',
    'localhost',
    '',
  ])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'is not %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
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
