import { describe, expect, it } from 'vitest';
import type { BlockView, DeviceView } from '@/lib/contracts';
import { shownChange } from './shown-change';

const NOW = Date.parse('2026-03-03T12:00:00.000Z');
const BLOCK: BlockView = {
  id: '01999999-0000-7000-8000-000000000001',
  scope: 'instance',
  effect: 'refuse',
  origin: 'person',
  owner: null,
  batchId: null,
  appId: 'bank',
  target: '01999999-0000-7000-8000-00000000000a',
  reason: 'Frida on a production build',
  incident: null,
  createdByName: 'Noor Haddad',
  createdAt: '2026-03-03T11:00:00.000Z',
  expiresAt: null,
  seq: 6,
  liftedAt: null,
  liftedByName: null,
  liftReason: null,
  liftSeq: null,
};
const LIFTED: BlockView = {
  ...BLOCK,
  liftedAt: '2026-03-03T11:50:00.000Z',
  liftedByName: 'Robin Castle',
  liftReason: 'False positive',
  liftSeq: 7,
};
const view = (activeBlock: BlockView | null, ...pastBlocks: BlockView[]) =>
  ({ activeBlock, pastBlocks }) as unknown as DeviceView;

describe('shownChange', () => {
  it('proves the block that is in force, however old it is', () => {
    expect(shownChange(view(BLOCK, LIFTED), NOW + 1e10)).toMatchObject({ seq: 6, kind: 'block' });
  });

  it('proves an unblock while it is news', () => {
    expect(shownChange(view(null, LIFTED), NOW)).toMatchObject({
      seq: 7,
      kind: 'unblock',
      byName: 'Robin Castle',
    });
    expect(shownChange(view(null, LIFTED), NOW + 3_600_000)).toBeNull();
  });

  it('claims no change where a block ran out by itself', () => {
    expect(shownChange(view(null, { ...LIFTED, liftSeq: null }), NOW)).toBeNull();
    expect(shownChange(view(null), NOW)).toBeNull();
  });
});
