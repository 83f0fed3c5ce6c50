import { describe, expect, it } from 'vitest';
import { distanceOf, policyProblems, readPolicyText } from './baseline-words';

describe('how far an app is behind', () => {
  const draft = (inheritedVersion: number | null) => ({ revision: 4, inheritedVersion });
  it.each([
    [{ inheritedVersion: null, draft: null }, null, 'there is no baseline', false],
    [{ inheritedVersion: null, draft: null }, 3, 'inherits none', true],
    [{ inheritedVersion: 2, draft: null }, 3, '1 version behind', true],
    [{ inheritedVersion: 1, draft: draft(2) }, 3, '2 versions behind', true],
    [{ inheritedVersion: 1, draft: draft(3) }, 3, '2 versions behind; its draft is up to date', false],
    [{ inheritedVersion: 3, draft: draft(1) }, 3, 'up to date', false],
  ])('%o to %s is told as “%s”', (app, newest, text, isBehind) => {
    expect(distanceOf(app, newest)).toMatchObject({ text, isBehind });
  });
});

describe('the text of a policy', () => {
  it('is read as JSON of one object', () => {
    expect(readPolicyText('{"schema":2}')).toEqual({ policy: { schema: 2 } });
    for (const text of ['', '{', '[]', 'null', '3']) expect(readPolicyText(text)).toHaveProperty('problem');
  });

  it('is complained about by the path within it', () => {
    expect(
      policyProblems({ 'policy.threats.hooks': 'is no response', policy: 'is missing', reason: 'is short' }),
    ).toEqual(['threats.hooks: is no response', 'the policy: is missing']);
  });
});
