import { encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createScenario } from '../testing/scenario';
import { readVectorFile } from '../testing/vectors';
import { readAssertionData, readAttestationData } from './authenticator-data';

const fileSchema = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      base64: z.string(),
      expected: z.object({ counter: z.number(), validationCategory: z.number(), bundleVersion: z.string() }),
    }),
  ),
});
const { cases } = fileSchema.parse(
  JSON.parse(readVectorFile('ios', 'parser', 'ios27-device-authdata.json').toString('utf8')),
);
const CATEGORIES: Readonly<Record<number, string>> = { 1: 'platform', 3: 'development' };

describe('authenticator data of iOS 27', () => {
  it.each(cases)('gives its extension map, whatever the flags say: $name', ({ name, base64, expected }) => {
    const bytes = Buffer.from(base64, 'base64');
    const data = name.startsWith('assertion') ? readAssertionData(bytes) : readAttestationData(bytes);
    expect(data).toMatchObject({
      counter: expected.counter,
      extensions: {
        bundleVersion: expected.bundleVersion,
        validationCategory: CATEGORIES[expected.validationCategory],
      },
    });
  });

  it('is refused with anything after the map, or a map of other types', () => {
    const [attestation] = cases;
    const bytes = Buffer.from(attestation?.base64 ?? '', 'base64');
    expect(readAttestationData(Buffer.concat([bytes, Buffer.from([0])]))).toBeUndefined();
    expect(readAttestationData(bytes.subarray(0, -1))).toBeUndefined();
    const header = Buffer.alloc(37);
    const rest = (hex: string) => readAssertionData(Buffer.concat([header, Buffer.from(hex, 'hex')]));
    expect(rest('a0')?.extensions).toEqual({ bundleVersion: null, validationCategory: null });
    expect(rest('a10102')).toBeUndefined();
    expect(rest('80')).toBeUndefined();
    const versioned = (length: number) =>
      rest(Buffer.from(encode(new Map([['apple_bundle_version_01', '1'.repeat(length)]]))).toString('hex'));
    expect(versioned(256)?.extensions.bundleVersion).toHaveLength(256);
    expect(versioned(257)).toBeUndefined();
  });

  it('reaches the claims, and is absent before', () => {
    const scenario = createScenario();
    const launched = { bundleVersion: '42', validationCategory: 4, osVersion: '27.0' };
    expect(scenario.apple({ evidence: launched })).toMatchObject({
      claims: { validationCategory: 'app_store', osVersion: '27.0', app: { version: '42' } },
    });
    expect(scenario.apple()).toMatchObject({
      claims: { validationCategory: null, osVersion: null, app: { version: null } },
    });
    expect(scenario.appleAssertion({ bundleVersion: '42', validationCategory: 99 })).toMatchObject({
      claims: { appVersion: '42', validationCategory: 'category_99' },
    });
  });
});
