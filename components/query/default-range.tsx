'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import type { RangeName } from '@/lib/contracts';

const DefaultRange = createContext<RangeName>('24h');

/**
 * Tells the pages within which range to look at where nobody chose one. It is what the first of them was given: it does not
 * change while somebody looks, though a later answer of the server may.
 */
export function DefaultRangeProvider({ range, children }: { range: RangeName; children: ReactNode }) {
  const [first] = useState(range);
  return <DefaultRange value={first}>{children}</DefaultRange>;
}

/** The range that pages look at where nobody chose one. */
export function useDefaultRange(): RangeName {
  return useContext(DefaultRange);
}
