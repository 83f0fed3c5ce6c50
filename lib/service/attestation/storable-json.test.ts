import { expect, test } from 'vitest';
import { instanceIdOf } from './instance-id';
import { storableJson } from './storable-json';

test.each([
  ['NUL', { a: 'x\0y' }, { a: 'x\ufffdy' }],
  ['half a surrogate pair', { a: ['\ud800'] }, { a: ['\ufffd'] }],
  ['NUL in a name', { '\0': { b: 1 } }, { '\ufffd': { b: 1 } }],
  ['text that only looks like it', { a: '\\u0000 \\ud800' }, { a: '\\u0000 \\ud800' }],
  ['whole surrogate pairs', { a: '😀' }, { a: '😀' }],
])('JSON with %s can be stored', (_, value, stored) => {
  expect(JSON.parse(storableJson(value))).toEqual(stored);
});

test('an instance is named by its app and its key: the same each time, another for another', () => {
  const id = instanceIdOf('retail-bank', 'a2V5');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(instanceIdOf('retail-bank', 'a2V5')).toBe(id);
  expect(instanceIdOf('retail-banka', '2V5')).not.toBe(id);
  expect(instanceIdOf('fleet', 'a2V5')).not.toBe(id);
});
