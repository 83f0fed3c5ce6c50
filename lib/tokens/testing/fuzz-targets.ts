import { mutateJose } from '@/lib/crypto/testing/fuzz/mutate-json';
import type { FuzzTarget } from '@/lib/crypto/testing/fuzz/target';
import { buildClaims, verifyToken } from '../index';
import { signToken } from '../signing';
import { factsOf, ISSUER, KEYS, NOW_MS, PAIR } from './facts';

/** Tokens as relying parties read them. */
export function tokenTargets(): FuzzTarget[] {
  const token = signToken(PAIR, buildClaims(factsOf()));
  const expectations = { nowMs: NOW_MS, issuer: ISSUER, leewaySeconds: 30 };
  return [
    {
      name: 'attestation-token',
      what: 'a signed token: its parts, its header, its claims (JWS)',
      next: (random) => {
        const mutated = mutateJose(random, token);
        return () => verifyToken(mutated, KEYS, expectations).ok && mutated !== token;
      },
    },
  ];
}
