import { describe, expect, test } from 'vitest';
import { PERMISSIONS, PERMISSIONS_OF_ROLE, ROLES } from '@/lib/contracts';
import { hashPassword, requireStrongPassword, verifyPassword } from './password';
import { mayDo, permittedApps, requirePermission, scopeApps } from './permissions';
import { actorWith } from './testing/actors';

describe('permissions', () => {
  test('are exactly those of the role table, for every role and permission', () => {
    for (const role of ROLES) {
      for (const permission of PERMISSIONS) {
        const expected = PERMISSIONS_OF_ROLE[role].includes(permission);
        expect(mayDo(actorWith(role), permission, null)).toBe(expected);
        expect(mayDo(actorWith(role), permission, 'bank')).toBe(expected);
      }
    }
  });

  test('for one app do not reach another app, nor the organisation', () => {
    const actor = actorWith('admin', 'bank');
    expect(mayDo(actor, 'apps.write', 'bank')).toBe(true);
    expect(mayDo(actor, 'apps.write', 'fleet')).toBe(false);
    expect(mayDo(actor, 'staff.manage', null)).toBe(false);
  });

  test('are refused to a person without a role, to the system, and to the shell beyond its table', () => {
    const system = { kind: 'system', id: 'jobs', name: 'Jobs' } as const;
    const cli = { kind: 'cli', id: 'root', name: 'root' } as const;
    for (const permission of PERMISSIONS) {
      expect(() => requirePermission(actorWith(null), permission, 'bank')).toThrow();
      expect(() => requirePermission(system, permission, null)).toThrow();
    }
    expect(mayDo(cli, 'devices.block', 'bank')).toBe(false);
    expect(mayDo(cli, 'apps.write', null)).toBe(true);
  });

  test('narrow what was asked for to the apps that were granted', () => {
    expect(permittedApps(actorWith('analyst'), 'telemetry.read')).toBeNull();
    expect(permittedApps(actorWith('analyst', 'bank'), 'telemetry.read')).toEqual(['bank']);
    expect(() => permittedApps(actorWith('auditor', 'bank'), 'devices.block')).toThrow();
    expect(scopeApps(actorWith('analyst', 'bank'), 'telemetry.read', ['fleet'])).toEqual([]);
    expect(scopeApps(actorWith('analyst', 'bank'), 'telemetry.read', [])).toEqual(['bank']);
    expect(scopeApps(actorWith('analyst'), 'telemetry.read', ['fleet'])).toEqual(['fleet']);
  });
});

describe('passwords', () => {
  test('match their own hash only, and a hash that cannot be read matches nothing', async () => {
    const hash = await hashPassword('a walrus under 7 lamps');
    expect(hash).not.toContain('walrus');
    const right = 'a walrus under 7 lamps';
    const asked = [
      verifyPassword(right, hash),
      verifyPassword('a walrus under 8 lamps', hash),
      verifyPassword(right, undefined),
      ...['plain', hash.slice(0, -1), hash.replace('ln=15', 'ln=30')].map((broken) =>
        verifyPassword(right, broken),
      ),
    ];
    // Side by side: each takes a quarter of a second by intent.
    expect(await Promise.all(asked)).toEqual([true, false, false, false, false, false]);
  });

  test('that are easy to guess are refused', () => {
    const about = { email: 'robin.doe@example.test', name: 'Robin Doe' };
    for (const weak of [
      'short',
      'aaaaaaaaaaaaaaaa',
      'abababababababab',
      'RobinRobinRobin1',
      'robin.doe2026',
    ]) {
      expect(() => requireStrongPassword(weak, about)).toThrow();
    }
    expect(() => requireStrongPassword('a walrus under 7 lamps', about)).not.toThrow();
  });
});
