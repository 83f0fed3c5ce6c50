import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type AppraisalInput, appraise, compilePolicy, judge, TEMPLATES } from '@/lib/appraisal';
import type { Policy } from '@/lib/contracts';
import { type Database, migrateDatabase, openDatabase, setRolePasswords } from '@/lib/db';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
import { Replay } from '@/lib/policies';
import { readReplayPages } from '@/lib/telemetry/queries';
import { makePolicyEvents, storePolicyEvents } from './support/policy-events';
import { measureRate } from './support/rate';
import { type BenchContext, type BenchRow, median, printReport } from './support/report';

const EVENTS = 200_000;
const DEVICES = 50_000;
const ROUNDS = 3;
const APP = 'bench';
const BAR = 500_000;

const { balanced } = TEMPLATES;
/** What somebody might try: other responses, and one only for some devices. */
const DRAFT: Policy = {
  ...balanced,
  schema: 2,
  threats: { ...balanced.threats, hooks: 'flag', screenshot: 'restrict' },
  conditions: [
    {
      id: 'ios-26-5',
      threat: 'privileged_access',
      when: { platform: 'ios', osVersion: { from: '26.5' } },
      response: 'observe',
    },
  ],
};
const RULED: Policy = {
  ...DRAFT,
  rules: [
    {
      id: 'rooted-abroad',
      title: 'Rooted abroad',
      expression: '"privileged_access" in threats && country != "PT"',
      response: 'reject',
    },
  ],
};

/**
 * Appraisals, and a replay of recorded attestations under two policies: the part that judges and counts, beside a bare loop
 * that walks the same rows and reads the same fields; and with reading them from Postgres, beside only reading them.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-bench-'));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({
    directory: path.join(folder, 'postgres'),
    root: context.root,
  });
  await migrateDatabase(postgres.ownerUrl, context.root);
  await setRolePasswords(postgres.ownerUrl, { console: 'bench', service: 'bench' });
  const db = openDatabase({ url: postgres.ownerUrl, applicationName: 'bench', max: 2 });
  try {
    const endMs = Date.now();
    const inputs = await fill(db, endMs);
    const pages: string[] = [];
    for await (const { text } of pagesOf(db, endMs)) pages.push(text);
    const rows = [...appraisals(inputs), ...replays(pages), await reading(db, endMs)];
    printReport('policy', rows, context, [
      `${EVENTS} attestations of ${DEVICES} devices, 5 % with a finding; each is judged under two policies.`,
      'One core; the bare loop walks the same text, finds the ends of its rows and the fields that the replay reads.',
    ]);
  } finally {
    await db.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stores the attestations, and gives some of them; the others need not be held while anything is measured. */
async function fill(db: Database, endMs: number): Promise<AppraisalInput[]> {
  const events = makePolicyEvents(EVENTS, DEVICES, endMs);
  await storePolicyEvents(db, APP, events);
  await db.sql`analyze attestation_events`;
  return events.slice(0, 1 << 14).map(({ input }) => input);
}

const pagesOf = (db: Database, endMs: number) =>
  readReplayPages(
    { db },
    { appId: APP, fromMs: endMs - 86_400_000, toMs: endMs + 1, most: Number.MAX_SAFE_INTEGER },
    new AbortController().signal,
  );

function appraisals(inputs: readonly AppraisalInput[]): BenchRow[] {
  const rate = (policy: Policy, work: typeof appraise | typeof judge) => {
    const compiled = compilePolicy(policy);
    return measureRate((index) => {
      const input = inputs[index & (inputs.length - 1)];
      if (input !== undefined) work(compiled, input);
    });
  };
  const row = (name: string, ours: number): BenchRow => ({
    ...{ name, ours, limit: null, unit: '/s', bar: 'none', holds: true },
  });
  return [
    row('appraisals, explained', rate(DRAFT, appraise)),
    row('appraisals, verdict only', rate(DRAFT, judge)),
    row('appraisals, verdict only, one rule in CEL', rate(RULED, judge)),
  ];
}

function replays(pages: readonly string[]): BenchRow[] {
  const rate = (work: () => void) => {
    const rates = Array.from({ length: ROUNDS + 1 }, () => {
      const startedAt = performance.now();
      work();
      return (EVENTS / (performance.now() - startedAt)) * 1_000;
    });
    return median(rates.slice(1));
  };
  const limit = rate(() => bareLoop(pages));
  const replayOf = (draft: Policy) =>
    rate(() => {
      const replay = new Replay(compilePolicy(balanced), compilePolicy(draft));
      for (const page of pages) replay.addPage(page);
      if (replay.figures().events !== EVENTS) throw new Error('Not every attestation was replayed.');
    });
  const row = (name: string, ours: number): BenchRow => ({
    ...{ name, ours, limit, unit: 'events/s', bar: `>= ${BAR}`, holds: ours >= BAR },
  });
  return [
    row('replay, judging and counting', replayOf(DRAFT)),
    row('the same, one rule in CEL', replayOf(RULED)),
  ];
}

/** Finds every row, and reads its time, its device and the text that it is judged by. */
function bareLoop(pages: readonly string[]): number {
  let seen = 0;
  for (const text of pages) {
    for (let start = 0; start < text.length; ) {
      const next = text.indexOf('\u001e', start);
      const end = next === -1 ? text.length : next;
      const bar = text.lastIndexOf('|', end - 1);
      seen += Number(text.slice(start + 72, start + 85)) + text.slice(start + 94, bar).length;
      seen += text.slice(start + 36, start + 72).charCodeAt(7);
      start = end + 1;
    }
  }
  return seen;
}

async function reading(db: Database, endMs: number): Promise<BenchRow> {
  const rate = async (work: (text: string) => void) => {
    const rates: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const startedAt = performance.now();
      for await (const { text } of pagesOf(db, endMs)) work(text);
      rates.push((EVENTS / (performance.now() - startedAt)) * 1_000);
    }
    return median(rates.slice(1));
  };
  const limit = await rate(() => undefined);
  const replay = new Replay(compilePolicy(balanced), compilePolicy(DRAFT));
  const ours = await rate((text) => replay.addPage(text));
  const name = 'replay with reading from Postgres';
  return { name, ours, limit, unit: 'events/s', bar: 'none', holds: true };
}
