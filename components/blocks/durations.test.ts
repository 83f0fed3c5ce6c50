import { describe, expect, it } from 'vitest';
import { DEFAULT_DURATION_ID, durationsFor } from './durations';

const ids = (rights: Parameters<typeof durationsFor>[0]) => durationsFor(rights, 'bank').map(({ id }) => id);

describe('durationsFor', () => {
  it('offers at most 24 hours to whoever may only block shortly', () => {
    expect(ids({ short: 'all', any: [], lift: [], allow: [] })).toEqual(['1h', '8h', '24h']);
  });

  it('offers every length to whoever may block, for the apps that they may', () => {
    expect(ids({ short: [], any: ['bank'], lift: [], allow: [] })).toContain('open');
    expect(ids({ short: [], any: ['fleet'], lift: [], allow: [] })).toEqual([]);
  });

  it('begins with a length that every role has', () => {
    expect(ids({ short: 'all', any: [], lift: [], allow: [] })).toContain(DEFAULT_DURATION_ID);
    expect(ids({ short: 'all', any: 'all', lift: [], allow: [] })).toContain(DEFAULT_DURATION_ID);
  });
});
