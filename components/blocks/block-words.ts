import { countryName } from '@/components/ui/domain-labels';
import type { BlockEffect, BlockOrigin, BlockScope, BlockView } from '@/lib/contracts';

/** What a scope is called, how its target is written, and what it hits. */
export interface ScopeWords {
  label: string;
  example: string;
  hint: string;
}

export const SCOPE_WORDS: Readonly<Record<BlockScope, ScopeWords>> = {
  instance: {
    label: 'Device',
    example: '0195a1b2-1234-8abc-8def-0123456789ab',
    hint: 'One installation of one app, by its id.',
  },
  hardware: {
    label: 'Attestation key',
    example: 'SHA-256 in hex',
    hint: 'Every device whose key this one certified. In the factory, at least 100,000 devices share one.',
  },
  network: {
    label: 'Network',
    example: '203.0.113.0/24',
    hint: 'IPv4 from /8 to /24, IPv6 from /16 to /48: no more of an address is kept.',
  },
  app_version: {
    label: 'App version',
    example: 'android 5.4.0',
    hint: 'The platform and the version of the app.',
  },
  os_build: {
    label: 'OS version',
    example: 'ios 26.1',
    hint: 'The platform and the version that the app reports.',
  },
  asn: { label: 'Network operator', example: 'AS64500', hint: 'Every address that this operator announces.' },
  signer: {
    label: 'Signing certificate',
    example: 'SHA-256 in hex',
    hint: 'Android apps that were signed with this certificate.',
  },
  country: { label: 'Country', example: 'DE', hint: 'Two letters, as in ISO 3166-1.' },
  app: { label: 'Whole app', example: 'retail-bank', hint: 'Every device of the app, by the app’s id.' },
};

/** Every scope, from narrow to wide. */
export const SCOPES = Object.keys(SCOPE_WORDS) as BlockScope[];

export const EFFECT_LABELS: Readonly<Record<BlockEffect, string>> = {
  refuse: 'Block',
  simulate: 'Simulation',
  allow: 'Allowlist entry',
};

export const ORIGIN_LABELS: Readonly<Record<BlockOrigin, string>> = {
  person: 'A person',
  rule: 'A rule',
  import: 'An import',
};

/** A target as a person would say it; long ids are cut in the middle. */
export function targetWords({ scope, target }: Pick<BlockView, 'scope' | 'target'>): string {
  if (scope === 'country') return `${countryName(target)} (${target})`;
  if (scope === 'asn') return `AS${target}`;
  return target.length > 34 ? `${target.slice(0, 8)}…${target.slice(-4)}` : target;
}

/** "Blocked country Germany (DE)". */
export function decisionWords(block: Pick<BlockView, 'scope' | 'target' | 'effect'>): string {
  const scope = SCOPE_WORDS[block.scope].label.toLowerCase();
  return `${EFFECT_LABELS[block.effect].toLowerCase()} of ${scope} ${targetWords(block)}`;
}
