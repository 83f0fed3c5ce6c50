import { describe, expect, test } from 'vitest';
import { newId } from '@/lib/core';
import { type BlockEntry, type BlockFacts, BlockList, isRefused, parseNetwork } from './index';

const DEVICE = '0b0a4a34-7c5e-8d1f-9b7e-3a1f4d2c6b5a';
const NOBODY: BlockFacts = {
  appId: 'bank',
  instanceId: null,
  hardware: null,
  appVersion: null,
  osBuild: null,
  signers: [],
  network: null,
  asn: null,
  country: null,
};
const network = (text: string) => parseNetwork(text) ?? null;

function entry(about: Partial<BlockEntry>): BlockEntry {
  return {
    id: newId(1),
    scope: 'instance',
    appId: 'bank',
    target: DEVICE,
    effect: 'refuse',
    expiresAtMs: null,
    ...about,
  };
}

function listOf(...entries: BlockEntry[]): BlockList {
  const list = new BlockList();
  for (const each of entries) expect(list.set(each)).toBe(true);
  return list;
}

describe('a block list', () => {
  test('refuses until the moment at which a block ends, whether it was dropped or not', () => {
    const list = listOf(entry({ expiresAtMs: 1_000 }));
    const facts = { ...NOBODY, instanceId: DEVICE };
    expect(isRefused(list.decide(facts, 999))).toBe(true);
    expect(list.decide(facts, 1_000)).toBeNull();
    list.dropEnded(1_000);
    expect(list.size).toBe(0);
    expect(isRefused(list.decide(facts, 999))).toBe(false);
  });

  test('lets the end of a block not lift the one that took its place', () => {
    const first = entry({});
    const second = entry({});
    const list = listOf(first, second);
    list.end(first);
    expect(list.decide({ ...NOBODY, instanceId: DEVICE }, 0)?.block?.id).toBe(second.id);
    list.end(second);
    expect(list.decide({ ...NOBODY, instanceId: DEVICE }, 0)).toBeNull();
  });

  test('concerns its own app, or every one', () => {
    const facts = { ...NOBODY, country: 'DE' };
    const own = listOf(entry({ scope: 'country', target: 'DE' }));
    expect(isRefused(own.decide(facts, 0))).toBe(true);
    expect(own.decide({ ...facts, appId: 'fleet' }, 0)).toBeNull();
    const every = listOf(entry({ scope: 'country', target: 'DE', appId: null }));
    expect(isRefused(every.decide({ ...facts, appId: 'fleet' }, 0))).toBe(true);
  });

  test('lets an allowlist entry lift what is as wide or wider, and names both', () => {
    const block = entry({ scope: 'country', target: 'DE' });
    const allow = entry({ effect: 'allow' });
    const decision = listOf(block, allow).decide({ ...NOBODY, instanceId: DEVICE, country: 'DE' }, 0);
    expect(decision).toEqual({
      block: { id: block.id, scope: 'country' },
      liftedBy: { id: allow.id, scope: 'instance' },
      simulated: [],
    });
    expect(isRefused(decision)).toBe(false);
  });

  test('does not let an allowlist entry lift what is narrower', () => {
    const block = entry({});
    const allow = entry({ scope: 'network', target: '203.0.113.0/24', effect: 'allow', appId: null });
    const facts = { ...NOBODY, instanceId: DEVICE, network: network('203.0.113.0/24') };
    expect(listOf(block, allow).decide(facts, 0)).toMatchObject({ block: { id: block.id }, liftedBy: null });
  });

  test('tells what simulations would refuse, and refuses nobody for it', () => {
    const simulation = entry({ scope: 'asn', target: '64500', effect: 'simulate' });
    const decision = listOf(simulation).decide({ ...NOBODY, asn: 64_500 }, 0);
    expect(decision).toEqual({ block: null, liftedBy: null, simulated: [simulation.id] });
    expect(isRefused(decision)).toBe(false);
  });

  test('finds every network around a client, the narrowest first', () => {
    const wide = entry({ scope: 'network', target: '203.0.0.0/16' });
    const narrow = entry({ scope: 'network', target: '203.0.112.0/23' });
    const facts = { ...NOBODY, network: network('203.0.113.0/24') };
    expect(listOf(wide, narrow).decide(facts, 0)?.block?.id).toBe(narrow.id);
    expect(listOf(wide).decide(facts, 0)?.block?.id).toBe(wide.id);
    expect(listOf(narrow).decide({ ...facts, network: network('203.0.114.0/24') }, 0)).toBeNull();
  });

  test('takes in nothing whose target it cannot read', () => {
    const list = new BlockList();
    for (const target of ['not-a-device', '', `${DEVICE.slice(0, -1)}g`]) {
      expect(list.set(entry({ target }))).toBe(false);
    }
    expect(list.set(entry({ scope: 'network', target: '203.0.113.7/24' }))).toBe(false);
    expect(list.size).toBe(0);
  });

  test('keeps every entry findable while it grows and shrinks', () => {
    const list = new BlockList();
    const entries = Array.from({ length: 5_000 }, () => entry({ target: crypto.randomUUID() }));
    for (const each of entries) list.set(each);
    for (const [index, each] of entries.entries()) if (index % 3 === 0) list.end(each);
    for (const [index, { id, target }] of entries.entries()) {
      const found = list.decide({ ...NOBODY, instanceId: target }, 0)?.block?.id;
      expect(found).toBe(index % 3 === 0 ? undefined : id);
    }
  });
});
