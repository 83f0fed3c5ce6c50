import { describe, expect, it } from 'vitest';
import { readEnv } from '@/lib/core';
import { CliError } from './command';
import { COMMANDS } from './commands';
import { parseDuration } from './duration';
import { createRandom } from './simulate/random';
import { rateAt } from './simulate/rate';
import { createBackoff } from './supervisor/backoff';
import { consoleEnvironment, serviceEnvironment } from './supervisor/child-environments';
import { problemOf } from './supervisor/child-log';
import { databaseKind } from './supervisor/product-database';
import { printable } from './supervisor/progress';

const URLS = { console: 'postgres://c@h/d', service: 'postgres://s@h/d' };
const SECRETS = {
  masterKey: 'M'.repeat(43),
  sessionSecret: 'S'.repeat(43),
  consoleDatabasePassword: 'C'.repeat(43),
  serviceDatabasePassword: 'D'.repeat(43),
};

describe('commands', () => {
  it.each(COMMANDS)('$name has a summary of one line and loads', async ({ summary, load }) => {
    expect(summary).toMatch(/^[^\n]{10,110}\.$/);
    expect((await load()).options).not.toHaveProperty('help');
  });
});

describe('the environment of a child', () => {
  const own = { PATH: '/bin', AWS_SECRET_ACCESS_KEY: 'x', DATABASE_URL: 'postgres://owner@h/d', TZ: 'UTC' };

  it('holds no secret of another process, and nothing unknown of ours', () => {
    const ofConsole = consoleEnvironment(readEnv({}), SECRETS, URLS, own);
    const ofService = serviceEnvironment(readEnv({}), SECRETS, URLS, own);
    for (const name of ['AWS_SECRET_ACCESS_KEY', 'DATABASE_URL']) {
      expect(ofConsole).not.toHaveProperty(name);
      expect(ofService).not.toHaveProperty(name);
    }
    expect(Object.values(ofConsole)).not.toContain(SECRETS.masterKey);
    expect(Object.values(ofConsole)).not.toContain(URLS.service);
    expect(Object.values(ofService)).not.toContain(SECRETS.sessionSecret);
    expect(Object.values(ofService)).not.toContain(URLS.console);
  });

  it('is accepted by the settings of the child', () => {
    const env = readEnv({
      COUNTERSIGN_WORKERS: '3',
      COUNTERSIGN_NODE_NAME: 'a',
      COUNTERSIGN_TRUSTED_PROXIES: '10.0.0.0/8',
    });
    const child = readEnv(serviceEnvironment(env, SECRETS, URLS, {}));
    expect(child).toMatchObject({
      workers: 3,
      nodeName: 'a',
      trustedProxies: ['10.0.0.0/8'],
      servicePort: 4000,
    });
    expect(readEnv(consoleEnvironment(env, SECRETS, URLS, {})).consoleUrl).toBe(env.consoleUrl);
  });
});

describe('the database', () => {
  const url = 'postgres://a@b/c';

  it.each([
    [{}, 'embedded'],
    [{ DATABASE_URL: url }, 'external'],
    [{ COUNTERSIGN_CONSOLE_DATABASE_URL: url, COUNTERSIGN_SERVICE_DATABASE_URL: url }, 'prepared'],
  ])('%j is %s', (variables, kind) => {
    expect(databaseKind(readEnv(variables))).toBe(kind);
  });

  it('refuses the URL of one role without the other', () => {
    expect(() => databaseKind(readEnv({ COUNTERSIGN_CONSOLE_DATABASE_URL: url }))).toThrow(CliError);
  });
});

describe('what reaches the terminal', () => {
  it.each([
    ['{"level":50,"msg":"no disk"}', 'no disk'],
    ['{"level":30,"msg":"fine"}', undefined],
    ['Error: plain', 'Error: plain'],
    ['{broken', '{broken'],
    ['  ', undefined],
  ])('of the line %j is %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem);
  });

  it('moves no cursor and stays short', () => {
    expect(printable('a\u001b[2Jb\r\nc\u009b')).toBe('ab  c ');
    expect(printable('x'.repeat(900))).toHaveLength(500);
  });
});

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', '-1s', '1d', '1.5h'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(CliError);
  });
});

describe('restarts', () => {
  it('wait longer each time, never longer than ten seconds, and start over after a stable while', () => {
    const backoff = createBackoff();
    const waits = Array.from({ length: 8 }, () => backoff.nextMs(100));
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(backoff.nextMs(60_000)).toBe(250);
  });
});

describe('the simulation', () => {
  it('draws the same numbers from the same seed', () => {
    const [one, two] = [createRandom(5), createRandom(5)];
    expect(Array.from({ length: 20 }, one.next)).toEqual(Array.from({ length: 20 }, two.next));
  });

  it('has as many arrivals as it should, on average', () => {
    const random = createRandom(1);
    const total = Array.from({ length: 5_000 }, () => random.arrivals(0.9)).reduce(
      (sum, count) => sum + count,
      0,
    );
    expect(total / 5_000).toBeCloseTo(0.9, 1);
  });

  it('is busiest in the evening, and enrols quickly at first', () => {
    const at = (hour: number) => Date.UTC(2026, 0, 1, hour);
    expect(rateAt(10, at(18), false)).toBeCloseTo(14);
    expect(rateAt(10, at(6), false)).toBeCloseTo(6);
    expect(rateAt(10, at(6), true)).toBe(40);
  });
});
