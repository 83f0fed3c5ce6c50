import { describe, expect, it } from 'vitest';
import { verifyEnrolmentInFull, verifyReceipt } from '../index';
import type { ReceiptOptions } from '../testing/receipt';
import { receiptContext, receiptOptions } from '../testing/receipt-refusals';
import { createScenario, SCENARIO_NOW_MS } from '../testing/scenario';
import { readVectorFile, readVectors } from '../testing/vectors';
import { readAttestationObject } from './objects';
import { isSignedData } from './receipt';

const receipts = readVectors('ios/attestation').map((vector) => {
  const object = readAttestationObject(readVectorFile(vector.folder, vector.vector));
  return object.outcome === 'fail' ? new Uint8Array() : object.value.receipt;
});

describe('the structure of receipts', () => {
  it('is recognised in every real attestation', () => {
    expect(receipts).toHaveLength(15);
    for (const receipt of receipts) expect(isSignedData(receipt)).toBe(true);
  });

  it('is refused where bytes are missing or left over', () => {
    for (const receipt of receipts) {
      expect(isSignedData(receipt.subarray(0, -1))).toBe(false);
      expect(isSignedData(Buffer.concat([receipt, Buffer.from([0])]))).toBe(false);
    }
  });

  it('is refused for other content types, and for nesting without end', () => {
    expect(isSignedData(new Uint8Array())).toBe(false);
    expect(isSignedData(Buffer.from('300b06092a864886f70d010701', 'hex'))).toBe(false);
    expect(isSignedData(Buffer.from('3080'.repeat(5000), 'hex'))).toBe(false);
  });
});

const scenario = createScenario();

describe('a receipt', () => {
  it('verifies, and gives what Apple states', () => {
    for (const withAttributes of [false, true]) {
      const receipt = scenario.ca.appAttest.receipt({ ...receiptOptions(scenario), withAttributes });
      expect(verifyReceipt(receipt, receiptContext(scenario))).toMatchObject({
        ok: true,
        claims: { type: 'renewal', attestedKeys: 3, environment: 'production' },
      });
    }
  });

  it('holds two minutes ahead of the clock, and until its last millisecond', () => {
    const options = { ...receiptOptions(scenario), createdMs: SCENARIO_NOW_MS + 120_000 };
    const receipt = scenario.ca.appAttest.receipt({ ...options, expiresMs: SCENARIO_NOW_MS });
    expect(verifyReceipt(receipt, receiptContext(scenario))).toMatchObject({ ok: true });
  });

  it('comes with honest evidence, and one that is not of it is a warning and is not kept', () => {
    const outcome = (receipt: Partial<ReceiptOptions>) => {
      const evidence = scenario.appleEvidence({ receipt });
      const { verification, receipt: kept } = verifyEnrolmentInFull(evidence, scenario.context);
      const { outcome, detail } = verification.checks.find(({ id }) => id === 'receipt') ?? {};
      return [verification.ok, outcome, kept !== null, /\((\w+)\)/.exec(detail ?? '')?.[1]];
    };
    expect(outcome({})).toEqual([true, 'pass', true, undefined]);
    for (const [twist, code] of [
      [{ clientHash: Buffer.alloc(32) }, 'receipt_client_data_mismatch'],
      [{ environment: 'sandbox' }, 'receipt_environment_mismatch'],
      [{ type: 'RECEIPT' }, 'receipt_malformed'],
      [{ appId: 'ABCDE12345.com.other' }, 'receipt_app_mismatch'],
      [{ createdMs: SCENARIO_NOW_MS - 301_000 }, 'receipt_stale'],
    ] as const)
      expect(outcome(twist)).toEqual([true, 'warn', false, code]);
  });
});
