import { describe, expect, it } from 'vitest';
import { decisionWords, targetWords } from './block-words';

describe('a target in words', () => {
  it('is what a person would say', () => {
    expect(targetWords({ scope: 'country', target: 'DE' })).toBe('Germany (DE)');
    expect(targetWords({ scope: 'asn', target: '64500' })).toBe('AS64500');
    expect(targetWords({ scope: 'network', target: '203.0.113.0/24' })).toBe('203.0.113.0/24');
  });

  it('is cut in the middle where it is an id or a digest', () => {
    expect(targetWords({ scope: 'signer', target: 'ab'.repeat(32) })).toBe('abababab…abab');
  });

  it('says with its effect what was decided', () => {
    expect(decisionWords({ scope: 'country', target: 'DE', effect: 'simulate' })).toBe(
      'simulation of country Germany (DE)',
    );
  });
});
