import { describe, expect, it } from 'vitest';
import { cryptoTargets } from '@/lib/crypto/testing/fuzz/crypto-targets';
import { FuzzRandom } from '@/lib/crypto/testing/fuzz/random';
import { evidenceTargets, validEncodings } from '@/lib/evidence/testing/fuzz-targets';
import { tokenTargets } from '@/lib/tokens/testing/fuzz-targets';
import { requestTargets } from './testing/fuzz-targets';

/** Few: a run of `npm run fuzz` gives each a million. */
const INPUTS = 1_000;
const { certificates, items } = validEncodings();
const TARGETS = [
  ...cryptoTargets(certificates, items),
  ...evidenceTargets(),
  ...tokenTargets(),
  ...requestTargets(),
];

describe('hostile input', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))(
    'to %s neither throws nor is accepted',
    (_name, target) => {
      const random = new FuzzRandom(20_261_128);
      for (let index = 0; index < INPUTS; index++)
        expect(target.next(random)(), `input ${index}`).toBe(false);
    },
  );

  it('is the same for the same seed', () => {
    const draw = () => new FuzzRandom(7).bytes(64).toString('hex');
    expect(draw()).toBe(draw());
  });
});
