import { createHash, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import path from 'node:path';
import { parseCase, readPemCertificates } from '@/lib/evidence';
import { CHECKER, NODE_APP_ATTEST } from '@/lib/evidence/testing/peers';
import { readVectorFile, readVectors, type Vector } from '@/lib/evidence/testing/vectors';
import { type BenchContext, type BenchRow, median, printReport } from './support/report';

const ROUNDS = 5;
const PER_ROUND = 120;
const WARM_UP = 40;

/** One thing that is measured; the answer is looked at, so that nothing is left out. */
type Work = () => unknown;

/**
 * What verification costs per format: beside the certificates and signatures that it cannot do without, done with
 * `node:crypto` alone, and beside the two other verifiers of App Attest for Node. On real evidence, one process, in turns.
 */
export default async function bench(context: BenchContext): Promise<void> {
  const rows: BenchRow[] = [];
  for (const subject of subjects()) {
    const restore = fixClock(subject.nowMs);
    const works = Object.entries(subject.works);
    const times = new Map(works.map(([name]) => [name, [] as number[]]));
    for (const [, work] of works) await time(work, WARM_UP);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, work] of works) times.get(name)?.push(await time(work, PER_ROUND));
    }
    restore();
    const micros = (name: string) => median(times.get(name) ?? []);
    for (const [name] of works.filter(([one]) => one !== 'ours')) {
      const [ours, limit] = [micros('ours'), micros(name)];
      const isBar = name === subject.bar?.beside;
      const most = subject.bar?.most ?? Number.POSITIVE_INFINITY;
      rows.push({
        name: `${subject.name}, beside ${name}`,
        ours,
        limit,
        unit: 'µs',
        bar: isBar ? `ratio <= ${most}` : '',
        holds: !isBar || ours / limit <= most,
      });
    }
  }
  printReport('evidence', rows, context, [
    'Raw: certificates parsed and every signature verified with node:crypto, keys of issuers loaded once.',
    'Remembered: the same without the signatures of issuers, which come again and again, and are verified once.',
    'Ours verifies the receipt of an attestation as well; the two others leave it alone.',
  ]);
}

interface Subject {
  readonly name: string;
  readonly nowMs: number;
  readonly bar?: { readonly beside: string; readonly most: number };
  readonly works: Readonly<Record<'ours', Work> & Record<string, Work>>;
}

/** A peer goes by the system's clock, under which all real evidence has expired. Gives what ends that. */
function fixClock(nowMs: number): () => void {
  const Real = globalThis.Date;
  class FixedDate extends Real {
    constructor(...given: [] | [number | string]) {
      super(given.length === 0 ? nowMs : given[0]);
    }
    static override now = () => nowMs;
  }
  globalThis.Date = FixedDate as DateConstructor;
  return () => {
    globalThis.Date = Real;
  };
}

/** Microseconds of one call, on average. */
async function time(work: Work, calls: number): Promise<number> {
  const startedAt = performance.now();
  for (let call = 0; call < calls; call++) {
    if ((await work()) !== true) throw new Error('The evidence is not accepted.');
  }
  return ((performance.now() - startedAt) * 1_000) / calls;
}

function vectorNamed(name: string): Vector {
  const found = readVectors(path.dirname(name)).find((vector) => vector.case === name);
  if (found === undefined) throw new Error(`There is no vector ${name}.`);
  return found;
}

/** Ours, with the files read beforehand. */
function accepts(vector: Vector): Work {
  const parsed = parseCase(vector);
  if (!parsed.ok) throw new Error(parsed.detail);
  const files = new Map(parsed.files.map((name) => [name, readVectorFile(vector.folder, name)]));
  return () => {
    const outcome = parsed.run(files);
    return outcome.ok && 'verification' in outcome && outcome.verification.ok;
  };
}

function subjects(): Subject[] {
  return [
    attestation(),
    assertion(),
    android('caiman-sdk36-TEE_EC_RKP', 'remote'),
    android('sony-xperia10-iii-sdk33-TEE_EC', 'factory'),
  ];
}

const ROOT = () => new X509Certificate(readVectorFile('ios', 'roots', 'Apple_App_Attestation_Root_CA.pem'));

/** Certificates of an attestation object: DER after `x5c`, found by their lengths. */
function certificatesIn(object: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = object.indexOf('x5c'); found.length < 2; ) {
    at = object.indexOf(Buffer.from([0x30, 0x82]), at);
    const length = object.readUInt16BE(at + 2) + 4;
    found.push(object.subarray(at, at + length));
    at += length;
  }
  return found;
}

function attestation(): Subject {
  const vector = vectorNamed('ios/attestation/node-app-attest-prod-ios17.2');
  const object = readVectorFile(vector.folder, vector.vector);
  const [leafDer = Buffer.of(), issuerDer = Buffer.of()] = certificatesIn(object);
  const rootKey = ROOT().publicKey;
  const issuerKey = new X509Certificate(issuerDer).publicKey;
  const parts = (withIssuer: boolean) => () => {
    const leaf = new X509Certificate(leafDer);
    const issuer = new X509Certificate(issuerDer);
    createHash('sha256').update(object).digest();
    return leaf.verify(issuerKey) && (!withIssuer || issuer.verify(rootKey));
  };
  return {
    name: 'App Attest attestation',
    nowMs: Date.parse(String(vector.inputs.verificationTime)),
    bar: { beside: 'raw', most: 1.5 },
    works: {
      ours: accepts(vector),
      raw: parts(true),
      remembered: parts(false),
      'node-app-attest': NODE_APP_ATTEST.attestation(vector),
      'appattest-checker-node': CHECKER.attestation(vector),
    },
  };
}

function assertion(): Subject {
  const vector = vectorNamed('ios/assertion/veehaitch-ios14.4');
  const object = readVectorFile(vector.folder, vector.vector);
  const key = createPublicKey(String(vector.inputs.publicKeySpkiPem));
  const { signature, nonce } = assertionParts(object, String(vector.inputs.clientDataHashBase64));
  return {
    name: 'App Attest assertion',
    nowMs: Date.now(),
    works: {
      ours: accepts(vector),
      raw: () => verify('sha256', nonce(), key, signature),
      'node-app-attest': NODE_APP_ATTEST.assertion(vector),
      'appattest-checker-node': CHECKER.assertion(vector),
    },
  };
}

/** The signature and what it is over: the last 37 bytes are the authenticator data. */
function assertionParts(object: Buffer, clientDataHash: string) {
  const at =
    object.indexOf(Buffer.from([0x30, 0x44])) >= 0
      ? object.indexOf(Buffer.from([0x30, 0x44]))
      : object.indexOf(0x30);
  const signature = object.subarray(at, at + 2 + (object[at + 1] ?? 0));
  const data = object.indexOf('authenticatorData') + 'authenticatorData'.length + 2;
  const authenticatorData = object.subarray(data, data + 37);
  const nonce = () =>
    createHash('sha256').update(authenticatorData).update(Buffer.from(clientDataHash, 'base64')).digest();
  return { signature, nonce };
}

function android(name: string, provisioning: string): Subject {
  const vector = vectorNamed(`android/chains/google-${name}`);
  const chain = readPemCertificates(readVectorFile(vector.folder, vector.vector).toString('utf8')) ?? [];
  const keys = chain.slice(1).flatMap((der): KeyObject[] => [new X509Certificate(der).publicKey]);
  const parts = (signatures: number) => () => {
    const certificates = chain.map((der) => new X509Certificate(der));
    return certificates.slice(0, signatures).every((certificate, index) => {
      const key = keys[index];
      return key !== undefined && certificate.verify(key);
    });
  };
  return {
    name: `Android chain, ${provisioning}`,
    nowMs: Date.parse(String(vector.inputs.verificationTime)),
    bar: { beside: 'raw', most: 1.5 },
    works: { ours: accepts(vector), raw: parts(chain.length - 1), remembered: parts(1) },
  };
}
