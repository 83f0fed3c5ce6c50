import { describe, expect, it } from 'vitest';
import type { AuditRow } from '@/lib/contracts';
import { actionWords, auditDetail, auditTarget } from './audit-words';

const ROW: AuditRow = {
  id: 7,
  at: '2026-03-03T12:00:00.000Z',
  actorKind: 'staff',
  actorName: 'Robin Castle',
  action: 'block.create',
  targetKind: 'instance',
  targetId: '01999999-0000-7000-8000-00000000000a',
  appId: 'retail-bank',
  reason: 'Frida on a production build',
  detail: { blockId: 'b', durationSeconds: null },
};

describe('auditTarget', () => {
  it('leads to what has a page, and to nothing for what has none', () => {
    expect(auditTarget(ROW)).toEqual({
      kind: 'device',
      text: '01999999…000a',
      href: '/devices/01999999-0000-7000-8000-00000000000a',
    });
    expect(auditTarget({ ...ROW, targetKind: 'policy', targetId: 'retail-bank/3' }).href).toBe(
      '/policies/retail-bank/history',
    );
    expect(auditTarget({ ...ROW, targetKind: 'session' }).href).toBeNull();
  });

  it('never makes an address out of a target that could leave its page', () => {
    expect(auditTarget({ ...ROW, targetKind: 'app', targetId: '../x?y' }).href).toBe('/apps/..%2Fx%3Fy');
  });
});

describe('words', () => {
  it('says known acts in words and others by their verb', () => {
    expect(actionWords('block.create')).toBe('blocked something');
    expect(actionWords('certificate.retire')).toBe('certificate.retire');
  });

  it('tells every member of the detail, also those that are empty', () => {
    expect(auditDetail(ROW)).toContainEqual({ label: 'Duration seconds', text: 'none' });
    expect(auditDetail({ ...ROW, detail: { appIds: ['a', 'b'], nested: { x: 1 } } }).slice(-2)).toEqual([
      { label: 'App ids', text: 'a, b' },
      { label: 'Nested', text: '{"x":1}' },
    ]);
  });
});
