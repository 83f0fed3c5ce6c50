import { expect, test } from 'vitest';
import { describeError } from './describe-error';

test('tells kind, code and place of an error and its cause, and nothing of its message', () => {
  const cause = Object.assign(new Error('duplicate key (email)=(sam@example.test)'), { code: '23505' });
  const described = describeError(new Error('Failed query, params: $scrypt$secret', { cause }));
  expect(described).toMatchObject({ name: 'Error', cause: { code: '23505' } });
  expect(described.at[0]).toContain('describe-error.test');
  expect(JSON.stringify(described)).not.toMatch(/secret|sam@/);
});

test('survives what is no error, and a cause that goes round in a circle', () => {
  expect(describeError('a text')).toEqual({ name: 'string', at: [] });
  const circle = new Error('x');
  circle.cause = circle;
  expect(JSON.stringify(describeError(circle)).length).toBeLessThan(10_000);
});
