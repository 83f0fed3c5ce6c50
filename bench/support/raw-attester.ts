import { fork } from 'node:child_process';
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { newId, newReference } from '@/lib/core';
import { type Database, openDatabase } from '@/lib/db';
import type { AttestationEvent } from '@/lib/telemetry';
import { makeAttestation, makeDevices, seededRandom } from './attestations';

/**
 * What the parts of an attestation allow together, in one process as they are in a worker: bare HTTP that reads the body,
 * one ES256 verification, the event and its challenge inserted in batches, one ES256 signature. It decides nothing,
 * counts nothing and touches no device.
 */
export interface RawAttester {
  port: number;
  stop(): void;
}

const ROLE = '--raw-attester';
const MAX_BATCH = 256;
/** About the bytes that are signed of client data and of a token. */
const SIGNED_BYTES = 700;

/** Starts one in a process of its own; it answers with `bodyBytes` bytes. */
export async function startRawAttester(databaseUrl: string, bodyBytes: number): Promise<RawAttester> {
  const child = fork(fileURLToPath(import.meta.url), [ROLE, databaseUrl, String(bodyBytes)]);
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(Number(message))),
  );
  return { port, stop: () => child.kill('SIGKILL') };
}

/** In the forked process: serves until killed, and never returns; elsewhere does nothing. */
export async function serveRawIfForked(): Promise<void> {
  const at = process.argv.indexOf(ROLE);
  if (at < 0) return;
  const [url = '', bodyBytes = '0'] = process.argv.slice(at + 1);
  const db = openDatabase({ url, applicationName: 'bench-raw', max: 1 });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = randomBytes(SIGNED_BYTES);
  const signature = sign('sha256', data, privateKey);
  const body = Buffer.alloc(Number(bodyBytes), 'x');
  const writer = new RawWriter(db, (response) => {
    sign('sha256', data, privateKey);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      if (!verify('sha256', data, publicKey, signature)) throw new Error('The signature does not verify.');
      writer.add(response);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' && address ? address.port : 0);
  });
  process.on('disconnect', () => process.exit(0));
  await new Promise(() => undefined);
}

/** Inserts one row for each request, all that came while the last batch ran together, and answers after the commit. */
class RawWriter {
  readonly #db: Database;
  readonly #answer: (response: ServerResponse) => void;
  readonly #events: readonly AttestationEvent[];
  #waiting: ServerResponse[] = [];
  #isWriting = false;

  constructor(db: Database, answer: (response: ServerResponse) => void) {
    this.#db = db;
    this.#answer = answer;
    const random = seededRandom(7);
    this.#events = makeDevices(MAX_BATCH, random).map(
      (device) => makeAttestation(device, Date.now(), random).settle(null).event,
    );
  }

  add(response: ServerResponse): void {
    this.#waiting.push(response);
    if (!this.#isWriting) {
      this.#isWriting = true;
      setImmediate(() => this.#write());
    }
  }

  async #write(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    const { sql } = this.#db;
    const now = Date.now();
    const rows = batch.map((_, index) => rowOf(this.#of(index), now));
    const challenges = batch.map(() => randomBytes(32).toString('hex'));
    const columns = COLUMNS.map(([, , pick]) => arrayOf(rows.map(pick)));
    await sql.unsafe(INSERT, [...columns, arrayOf(challenges)], { prepare: true });
    for (const response of batch) this.#answer(response);
    if (this.#waiting.length > 0) setImmediate(() => this.#write());
    else this.#isWriting = false;
  }

  #of(index: number): AttestationEvent {
    const event = this.#events[index];
    if (event === undefined) throw new TypeError('A batch is larger than its bound.');
    return event;
  }
}

/** A row of `attestation_events` under a new id. */
function rowOf(event: AttestationEvent, nowMs: number) {
  return { ...event, id: newId(nowMs), reference: newReference() };
}

type Row = ReturnType<typeof rowOf>;
type Value = string | number | null;

/** Columns that are inserted, with the types that they travel as. */
const COLUMNS: readonly (readonly [name: string, type: string, pick: (row: Row) => Value])[] = [
  ['subject_id', 'uuid', (row) => row.subjectId],
  ['id', 'uuid', (row) => row.id],
  ['reference', 'text', (row) => row.reference],
  ['kind', 'text', (row) => row.kind],
  ['app_id', 'text', (row) => row.appId],
  ['instance_id', 'uuid', (row) => row.instanceId],
  ['verdict', 'text', (row) => row.verdict],
  ['deciding_threat', 'text', (row) => row.decidingThreat],
  ['deciding_rule', 'text', (row) => row.decidingRule],
  ['policy_version', 'int4', (row) => row.policyVersion],
  ['platform', 'text', (row) => row.platform],
  ['format', 'text', (row) => row.format],
  ['environment', 'text', (row) => row.environment],
  ['app_version', 'text', (row) => row.appVersion],
  ['os_version', 'text', (row) => row.osVersion],
  ['model', 'text', (row) => row.model],
  ['country', 'text', (row) => row.country],
  ['network_kind', 'text', (row) => row.networkKind],
  ['asn', 'int4', (row) => row.asn],
  ['network_prefix', 'text', (row) => row.networkPrefix],
  ['address_hash', 'bytea', (row) => row.addressHash && `\\x${row.addressHash.toString('hex')}`],
  ['detail', 'jsonb', (row) => row.detail],
  ['latency_us', 'int4', (row) => row.latencyUs],
];

const INSERT = `
  with fresh as (
    insert into consumed_challenges (digest, expires_at)
    select decode(digest, 'hex'), now() + interval '5 minutes'
    from unnest($${COLUMNS.length + 1}::text[]) as t(digest)
  )
  insert into attestation_events (received_at, threats, node, ${COLUMNS.map(([name]) => name).join(', ')})
  select now(), '{}', 'bench-raw', t.* from unnest(${COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}) as t`;

/** An array literal of Postgres. */
function arrayOf(values: readonly Value[]): string {
  const texts = values.map((value) =>
    value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${texts.join(',')}}`;
}
