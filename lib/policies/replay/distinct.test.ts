import { expect, test } from 'vitest';
import { DistinctCounter, hashOf } from './distinct';

function counted(devices: number): number {
  const counter = new DistinctCounter();
  for (let i = 0; i < devices; i++) {
    const id = `0b0a4a34-7c5e-8d1f-9b7e-${i.toString(16).padStart(12, '0')}`;
    counter.add(hashOf(id, 0, id.length));
    counter.add(hashOf(id, 0, id.length));
  }
  return counter.count;
}

test.each([0, 1, 16_384])('%i devices are counted exactly, however often each is seen', (devices) => {
  expect(counted(devices)).toBe(devices);
});

test.each([50_000, 400_000])('%i devices are estimated within 2 %%', (devices) => {
  expect(Math.abs(counted(devices) / devices - 1)).toBeLessThan(0.02);
});
