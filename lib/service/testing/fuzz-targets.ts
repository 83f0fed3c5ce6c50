import { attestRequestSchema, clientDataSchema, enrolRequestSchema, MAX_BODY_BYTES } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { mutateJson, mutateText } from '@/lib/crypto/testing/fuzz/mutate-json';
import { mutateBytes } from '@/lib/crypto/testing/fuzz/random';
import type { FuzzTarget } from '@/lib/crypto/testing/fuzz/target';
import { findJsonFault } from '../http/json-scanner';
import { parseStrictJson } from '../http/parse-body';

const CLIENT_DATA = {
  challenge: 'A'.repeat(120),
  appId: 'retail-bank',
  platform: 'android',
  appVersion: '5.4.0',
  osVersion: '16',
  model: 'Pixel 10',
  sdkVersion: '1.0.0',
  configVersion: 0,
  signals: { hooks: false, privilegedAccess: true, unsecureWiFi: false },
  bindingHash: 'A'.repeat(43),
  sessionKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) },
};
const ENROLMENT = {
  clientData: 'AAAA',
  evidence: { format: 'android-key-attestation', certificateChain: ['AAAA', 'AAAA'] },
  integrityToken: 'a.b.c.d.e',
};
const ATTESTATION = {
  instanceId: '019aa0f2-0000-7000-8000-000000000000',
  clientData: 'AAAA',
  assertion: 'AAAA',
};
const DOCUMENTS: readonly [object, ...object[]] = [CLIENT_DATA, ENROLMENT, ATTESTATION];
const MAX_DEPTH = 8;

/** A body that was read: refused as what it is, or JSON without the faults that the scanner looks for. */
function read(bytes: Buffer): boolean {
  try {
    const value = parseStrictJson(bytes);
    for (const schema of [clientDataSchema, enrolRequestSchema, attestRequestSchema]) schema.safeParse(value);
    // Written again it must be free of faults: a member twice, say, would have been lost.
    return findJsonFault(JSON.stringify(value), MAX_DEPTH) !== undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === 'request_malformed') return false;
    throw error;
  }
}

/** Bodies of requests. */
export function requestTargets(): FuzzTarget[] {
  return [
    {
      name: 'json-request',
      what: 'bodies of requests and client data, by their members, their text and their bytes',
      next: (random) => {
        const document = random.pick(DOCUMENTS);
        let text = JSON.stringify(random.oneIn(3) ? document : mutateJson(random, document)) ?? '';
        if (random.oneIn(2)) text = mutateText(random, text);
        const bytes = random.oneIn(3) ? mutateBytes(random, Buffer.from(text)) : Buffer.from(text);
        return () => read(bytes.subarray(0, MAX_BODY_BYTES));
      },
    },
  ];
}
