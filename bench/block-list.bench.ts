import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type BlockEntry, type BlockFacts, BlockList, parseNetwork } from '@/lib/block-list';
import { newId } from '@/lib/core';
import { measureRate } from './support/rate';
import { type BenchContext, type BenchRow, printReport } from './support/report';

const BLOCKS = 1_000_000;
/** Of these lengths lists on the Internet are mostly made. */
const LENGTHS = [20, 22, 23, 24] as const;
const NETWORKS = 200_000;
const ASKED = 1 << 14;
const NOW_MS = Date.UTC(2026, 2, 1);
const MIB = 1_048_576;

/**
 * A million blocks, of devices and of networks, and what `authorize` asks of them: who somebody is and where they call
 * from. The peer is a plain Map from a text to an object, which knows devices only.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const devices = Array.from({ length: BLOCKS - NETWORKS }, () => randomUUID());
  const networks = Array.from({ length: NETWORKS }, (_, index) => networkAt(index));
  const unblocked = Array.from({ length: ASKED }, () => randomUUID());
  const plain = await measuredMap(devices);
  const ours = await measuredList(devices, networks);
  const asked = factsOf(devices, unblocked);
  const limitMicros = microsOf((index) => plain.map.get(asked[index & (ASKED - 1)]?.instanceId ?? ''));
  const ourMicros = microsOf((index) => {
    const facts = asked[index & (ASKED - 1)];
    return facts && ours.list.decide(facts, NOW_MS);
  });
  const rows: BenchRow[] = [
    row('a million blocks, memory', ours.bytes / MIB, plain.bytes / MIB, 'MiB', 100),
    row('one decision, half of them blocked', ourMicros, limitMicros, 'us', 2),
    row('a million blocks, loaded from entries', ours.loadMs, plain.loadMs, 'ms', 5_000),
  ];
  printReport('block-list', rows, context, [
    `${BLOCKS - NETWORKS} devices and ${NETWORKS} networks of ${LENGTHS.length} lengths; the peer is a Map that holds`,
    'the devices alone, and knows neither apps, networks, allowlist entries nor simulations.',
  ]);
}

function row(name: string, ours: number, limit: number, unit: string, most: number): BenchRow {
  return { name, ours, limit, unit, bar: `<= ${most} ${unit}`, holds: ours <= most };
}

function networkAt(index: number): string {
  const bits = LENGTHS[index % LENGTHS.length] ?? 24;
  const high = ((Math.imul(index + 1, 2_654_435_761) >>> (32 - bits)) << (32 - bits)) >>> 0;
  return `${high >>> 24}.${(high >>> 16) & 255}.${(high >>> 8) & 255}.0/${bits}`;
}

/** Half of whoever asks is blocked; all call from networks of all over the Internet. */
function factsOf(devices: readonly string[], unblocked: readonly string[]): BlockFacts[] {
  return Array.from({ length: ASKED }, (_, index) => {
    const address = Math.imul(index + 7, 2_246_822_519) >>> 0;
    const network = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.0/24`;
    return {
      appId: 'bank',
      instanceId: (index % 2 === 0 ? devices[(index * 11) % devices.length] : unblocked[index]) ?? '',
      hardware: null,
      appVersion: null,
      osBuild: null,
      signers: [],
      network: parseNetwork(network) ?? null,
      asn: 64_500,
      country: 'DE',
    };
  });
}

async function measuredList(devices: readonly string[], networks: readonly string[]) {
  const before = await settledBytes();
  const startedAt = performance.now();
  const list = new BlockList(BLOCKS);
  for (const target of devices) list.set(entry('instance', target));
  for (const target of networks) list.set(entry('network', target));
  return { list, loadMs: performance.now() - startedAt, bytes: (await settledBytes()) - before };
}

async function measuredMap(devices: readonly string[]) {
  const before = await settledBytes();
  const startedAt = performance.now();
  const map = new Map<string, { id: string; appId: string; expiresAtMs: number | null }>();
  // The texts are copied, as they would be out of a database.
  for (const target of devices) {
    const copy = Buffer.from(target).toString('latin1');
    map.set(copy, { id: newId(NOW_MS), appId: 'bank', expiresAtMs: null });
  }
  return { map, loadMs: performance.now() - startedAt, bytes: (await settledBytes()) - before };
}

function entry(scope: BlockEntry['scope'], target: string): BlockEntry {
  return { id: newId(NOW_MS), scope, appId: 'bank', target, effect: 'refuse', expiresAtMs: null };
}

/** What was found is counted, so that no compiler leaves the looking out. */
function microsOf(work: (index: number) => unknown): number {
  let found = 0;
  const rate = measureRate((index) => {
    if (work(index)) found += 1;
  });
  if (found === 0) throw new Error('Nothing was found.');
  return 1e6 / rate;
}

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** Memory of the process that is in use, heap and buffers, after the garbage is gone. */
async function settledBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
