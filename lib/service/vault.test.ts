import { expect, test } from 'vitest';
import { parseMasterKey, VaultError } from './vault';

test.each([undefined, '', 'short', `${'A'.repeat(42)}B`, 'A'.repeat(44)])(
  'a master key is not %s',
  (text) => {
    expect(() => parseMasterKey(text)).toThrow(VaultError);
  },
);
