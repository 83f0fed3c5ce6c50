import type { EvidenceCode, Verification } from '@/lib/contracts';
import { type ReceiptContext, verifyReceipt } from '../index';
import { createIssuerKey, derName, spkiOf } from './issue-certificate';
import type { ReceiptOptions } from './receipt';
import { SCENARIO_NOW_MS, type Scenario } from './scenario';
import { createTestCa, type OddSigner } from './test-ca';

/** A refusal: its code, what is refused, and the refusing. */
export type RefusalRow = readonly [EvidenceCode, string, () => Verification<unknown>];

const DAY_MS = 86_400_000;
const APP_ID = 'ABCDE12345.com.example.app';
const CLIENT_HASH = Buffer.alloc(32, 7);

/** A certificate of the scenario's key, as an attestation has it. */
function attestedCertificate({ ca, key }: Scenario, spki: Uint8Array = key.spki): Buffer {
  return ca.issue({
    subject: derName([['CN', 'attested']]),
    spki,
    serial: 99,
    notBeforeMs: SCENARIO_NOW_MS - DAY_MS,
    notAfterMs: SCENARIO_NOW_MS + DAY_MS,
    isCa: false,
  });
}

/** What an honest receipt of the scenario's key says. */
export function receiptOptions(scenario: Scenario): ReceiptOptions {
  return {
    appId: APP_ID,
    certificate: attestedCertificate(scenario),
    clientHash: CLIENT_HASH,
    type: 'RECEIPT',
    environment: 'production',
    createdMs: SCENARIO_NOW_MS,
    notBeforeMs: SCENARIO_NOW_MS + DAY_MS,
    expiresMs: SCENARIO_NOW_MS + 90 * DAY_MS,
    attestedKeys: 3,
  };
}

/** What an honest receipt of the scenario's key is accepted in. */
export function receiptContext({ context, key }: Scenario): ReceiptContext {
  return {
    nowMs: SCENARIO_NOW_MS,
    anchors: context.anchors.appleReceipts,
    appIds: [APP_ID],
    environments: ['production'],
    publicKey: key.spki,
    type: 'renewal',
    clientDataHash: CLIENT_HASH,
    maxAgeSeconds: 300,
  };
}

/** Every way in which a receipt is refused. */
export function receiptRefusals(scenario: Scenario): RefusalRow[] {
  const honest = receiptOptions(scenario);
  const context = receiptContext(scenario);
  const verify = (
    options: Partial<ReceiptOptions> = {},
    changes: Partial<ReceiptContext> = {},
    odd?: OddSigner,
  ) =>
    verifyReceipt(scenario.ca.appAttest.receipt({ ...honest, ...options }, odd), { ...context, ...changes });
  const text = (value: string) => Buffer.from(value);
  const stranger = createTestCa(SCENARIO_NOW_MS, 'stranger');
  const impostor = createTestCa(SCENARIO_NOW_MS);
  const malformed = (what: string, fields: ReceiptOptions['fields']): RefusalRow[] =>
    fields === undefined ? [] : [['receipt_malformed', what, () => verify({ fields })]];
  return [
    ['receipt_malformed', 'bytes that are no CMS', () => verifyReceipt(Buffer.alloc(9), context)],
    ...malformed('a receipt without app', { 2: null }),
    ...malformed('a receipt without attested certificate', { 3: null }),
    ...malformed('a receipt whose attested certificate is none', { 3: text('none') }),
    ...malformed('a receipt without client hash', { 4: null }),
    ...malformed('a receipt of an unknown type', { 6: text('GIFT') }),
    ...malformed('a receipt of an unknown environment', { 7: text('moon') }),
    ...malformed('a receipt that says not when it was created', { 12: null }),
    ...malformed('a receipt of a day that is none', { 12: text('2026-02-99T00:00:00Z') }),
    ...malformed('a receipt whose count is no number', { 17: text('0x10') }),
    ...malformed('a receipt whose first day is no time', { 19: text('tomorrow') }),
    ...malformed('a receipt without an end', { 21: null }),
    ['receipt_malformed', 'a receipt of another type', () => verify({ type: 'ATTEST' })],
    ['evidence_anchors_empty', 'a receipt without anchors', () => verify({}, { anchors: [] })],
    [
      'evidence_chain_untrusted',
      'a receipt of another CA',
      () => verifyReceipt(stranger.appAttest.receipt(honest), context),
    ],
    [
      'evidence_chain_bad_signature',
      'a receipt of another CA with the same name',
      () => verifyReceipt(impostor.appAttest.receipt(honest), context),
    ],
    [
      'evidence_certificate_expired',
      'a receipt created after its signer expired',
      () => verify({ createdMs: SCENARIO_NOW_MS + 4_000 * DAY_MS }),
    ],
    ['receipt_untrusted', 'a signer that is not one of receipts', () => verify({}, {}, { isUnmarked: true })],
    [
      'evidence_chain_issuer_not_ca',
      'a signer whose issuer is no certificate authority',
      () => verify({}, {}, { issuerIsCa: false }),
    ],
    [
      'evidence_extension_unknown_critical',
      'a signer with a critical extension that nobody here knows',
      () => verify({}, {}, { extensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.alloc(2) }] }),
    ],
    ['receipt_bad_signature', 'another key', () => verify({ signingKey: createIssuerKey() })],
    [
      'receipt_bad_signature',
      'signed attributes of another key',
      () => verify({ signingKey: createIssuerKey(), withAttributes: true }),
    ],
    ['receipt_app_mismatch', 'a receipt of another app', () => verify({ appId: 'ABCDE12345.com.evil' })],
    ['receipt_environment_mismatch', 'a receipt of the sandbox', () => verify({ environment: 'sandbox' })],
    [
      'receipt_key_mismatch',
      'a receipt of another key',
      () => verify({ certificate: attestedCertificate(scenario, spkiOf(createIssuerKey())) }),
    ],
    [
      'receipt_client_data_mismatch',
      'a receipt of another attestation',
      () => verify({ clientHash: Buffer.alloc(32, 8) }),
    ],
    ['receipt_stale', 'a receipt from the future', () => verify({ createdMs: SCENARIO_NOW_MS + 121_000 })],
    [
      'receipt_stale',
      'a receipt that is six minutes old',
      () => verify({ createdMs: SCENARIO_NOW_MS - 360_000 }),
    ],
    ['receipt_stale', 'a receipt that has expired', () => verify({ expiresMs: SCENARIO_NOW_MS - 1 })],
  ];
}
