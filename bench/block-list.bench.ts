import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type BlockEntry, type BlockFacts, BlockList, parseNetwork } from '@/lib/block-list';
import { loadBlockList } from '@/lib/blocks';
import { newId } from '@/lib/core';
import { migrateDatabase, openDatabase } from '@/lib/db';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
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
  const stored = await measuredLoad(context.root);
  const rows: BenchRow[] = [
    row('a million blocks, memory', ours.bytes / MIB, plain.bytes / MIB, 'MiB', 100),
    row('one decision, half of them blocked', ourMicros, limitMicros, 'us', 2),
    row('a million blocks, loaded from entries', ours.loadMs, plain.loadMs, 'ms', 5_000),
    row('a million blocks, loaded from the database', stored.loadMs, stored.copyMs, 'ms', 5_000),
    {
      name: 'most memory while they are loaded',
      ours: stored.mostBytes / MIB,
      limit: stored.listBytes / MIB,
      unit: 'MiB',
      bar: '',
      holds: true,
    },
  ];
  printReport('block-list', rows, context, [
    `${BLOCKS - NETWORKS} devices and ${NETWORKS} networks of ${LENGTHS.length} lengths; the peer is a Map that holds`,
    'the devices alone, and knows neither apps, networks, allowlist entries nor simulations. From the database the peer is',
    'the same COPY, read and thrown away; the peer of its memory is the list itself.',
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

/** The same million out of a table of a database of its own, as a node loads it, and COPY that nobody looks at. */
async function measuredLoad(root: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-bench-'));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ directory: path.join(folder, 'postgres'), root });
  const db = openDatabase({
    url: postgres.ownerUrl,
    applicationName: 'bench',
    max: 1,
    statementTimeoutMs: 120_000,
  });
  try {
    await migrateDatabase(postgres.ownerUrl, root);
    // Reading the whole table needs neither, and filling it would take a minute with them.
    await db.sql`alter table blocks disable trigger user`;
    await db.sql`drop index blocks_one_active, blocks_created_at, blocks_target, blocks_by_rule`;
    await db.sql`
      insert into blocks (id, scope, app_id, target, effect, origin, reason, created_by, created_by_name, created_at, seq,
        expires_at)
      select gen_random_uuid(), case when n <= ${NETWORKS} then 'network' else 'instance' end, 'bank',
        case when n <= ${NETWORKS} then (n / 65536 + 1) || '.' || (n / 256) % 256 || '.' || n % 256 || '.0/24'
          else gen_random_uuid()::text end,
        'refuse', 'import', 'a benchmark', 'bench', 'Bench', now(), n,
        case when n % 2 = 0 then now() + interval '1 day' end
      from generate_series(1, ${BLOCKS}) n`;
    await db.sql`vacuum analyze blocks`;
    const copyMs = await elapsed(async () => {
      const bytes = await db.sql`copy (
        select id, scope, app_id, target, effect, (extract(epoch from expires_at) * 1000)::float8 from blocks
      ) to stdout`.readable();
      for await (const _ of bytes);
    });
    const before = await settledBytes();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, bytesInUse());
    }, 5);
    let list: BlockList | undefined;
    const loadMs = await elapsed(async () => {
      list = await db.orm.transaction((tx) => loadBlockList(tx));
    });
    clearInterval(watch);
    if (list?.size !== BLOCKS) throw new Error(`${list?.size} blocks were loaded.`);
    return { loadMs, copyMs, mostBytes: most - before, listBytes: list.bytes };
  } finally {
    await db.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function elapsed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** Memory of the process that is in use, heap and buffers, after the garbage is gone. */
async function settledBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return bytesInUse();
}

function bytesInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
