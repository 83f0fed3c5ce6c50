import { describe, expect, test } from 'vitest';
import {
  AppError,
  EnvError,
  fixedClock,
  fromBase64,
  fromBase64Url,
  fromHex,
  newId,
  newReference,
  parseReference,
  readEnv,
} from '@/lib/core';

describe('readEnv', () => {
  test('gives the documented defaults', () => {
    expect(readEnv({})).toMatchObject({
      consolePort: 3000,
      servicePort: 4000,
      opsPort: 9464,
      consoleUrl: 'http://127.0.0.1:3000',
      trustedProxies: [],
    });
  });

  test.each([
    ['COUNTERSIGN_CONSOLE_PORT', 'eighty'],
    ['COUNTERSIGN_SERVICE_PORT', '70000'],
    ['COUNTERSIGN_MASTER_KEY', 'short'],
    ['COUNTERSIGN_LOG_LEVEL', 'loud'],
    ['COUNTERSIGN_WORKERS', '0'],
    ['DATABASE_URL', 'mysql://localhost/x'],
  ])('names %s when its value is malformed', (name, value) => {
    expect(() => readEnv({ [name]: value })).toThrow(name);
  });

  test('names a variable that does not exist, and the one that was probably meant', () => {
    expect(() => readEnv({ COUNTERSIGN_CONSOLE_PROT: '3000' })).toThrow(
      'COUNTERSIGN_CONSOLE_PROT is not a setting of Countersign (did you mean COUNTERSIGN_CONSOLE_PORT?).',
    );
  });

  test('reports every problem at once and never the value of one', () => {
    try {
      readEnv({ COUNTERSIGN_MASTER_KEY: 'hunter2', COUNTERSIGN_WORKERS: '-3', COUNTERSIGN_X: 'y' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EnvError);
      expect((error as EnvError).problems).toHaveLength(3);
      expect((error as EnvError).message).not.toContain('hunter2');
    }
  });
});

describe('ids', () => {
  test('sort by the time at which they were made', () => {
    const clock = fixedClock(1_700_000_000_000);
    const first = newId(clock.nowMs());
    clock.advance(1);
    const second = newId(clock.nowMs());
    expect(first < second).toBe(true);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('references survive being typed in lower case, without the dash, or with look-alikes', () => {
    const reference = newReference();
    expect(parseReference(reference.toLowerCase().replace('-', ' '))).toBe(reference);
    expect(parseReference('oil0-2m9d')).toBe('0110-2M9D');
    expect(parseReference('K7QF-2M9U')).toBeUndefined();
    expect(parseReference('K7QF-2M9')).toBeUndefined();
  });
});

describe('bytes', () => {
  test.each(['a', 'AA==', 'AB', 'A+', 'A/', 'AA\n'])('refuse %j as base64url', (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });

  test('accept exactly canonical encodings', () => {
    expect(fromBase64Url('AA')).toEqual(Buffer.from([0]));
    expect(fromBase64('AA==')).toEqual(Buffer.from([0]));
    expect(fromBase64('AB==')).toBeUndefined();
    expect(fromBase64('AA')).toBeUndefined();
    expect(fromHex('0aFF')).toEqual(Buffer.from([10, 255]));
    expect(fromHex('0')).toBeUndefined();
  });
});

test('an AppError carries its code, its HTTP status and never more than its detail', () => {
  const error = new AppError('block_already_active', { detail: 'Blocked since Monday.' });
  expect(error).toMatchObject({
    code: 'block_already_active',
    status: 409,
    message: 'Blocked since Monday.',
  });
  expect(new AppError('app_not_found').message).toBe('No such app.');
});
