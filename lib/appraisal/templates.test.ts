import { describe, expect, it } from 'vitest';
import {
  HARD_THREATS,
  POLICY_TEMPLATES,
  policySchema,
  RESPONSES,
  RULED_THREATS,
  THREATS,
} from '@/lib/contracts';
import { TEMPLATES } from './index';

describe('the built-in policies', () => {
  it.each([...POLICY_TEMPLATES])('%s is valid and answers every threat of the catalogue', (name) => {
    const policy = TEMPLATES[name];
    expect(policySchema.parse(policy)).toEqual(policy);
    const ruled = new Set<string>(RULED_THREATS);
    const chosen = THREATS.map(({ id }) => id).filter((id) => !ruled.has(id));
    expect(Object.keys(policy.threats).sort()).toEqual(chosen.sort());
  });

  it.each([...POLICY_TEMPLATES])('%s says openly that hard threats reject', (name) => {
    for (const threat of HARD_THREATS) expect(TEMPLATES[name].threats[threat]).toBe('reject');
  });

  it('get harsher from one to the next, for every threat', () => {
    const rank = (name: (typeof POLICY_TEMPLATES)[number], id: string) =>
      RESPONSES.indexOf(TEMPLATES[name].threats[id] ?? 'ignore');
    for (const { id } of THREATS) {
      expect(rank('balanced', id)).toBeGreaterThanOrEqual(rank('permissive', id));
      expect(rank('strict', id)).toBeGreaterThanOrEqual(rank('balanced', id));
    }
  });

  it.each([
    'development_environment',
    'software_attestation',
    'bootloader_unlocked',
    'verified_boot_failed',
    'app_version_unknown',
  ])('strict rejects %s', (threat) => {
    expect(TEMPLATES.strict.threats[threat]).toBe('reject');
    expect(TEMPLATES.strict.requirements).toMatchObject({
      environment: 'production',
      securityLevel: 'tee',
      verifiedBoot: true,
      registeredVersion: true,
    });
  });
});
