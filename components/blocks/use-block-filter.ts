'use client';

import { useMemo } from 'react';
import { useFacet, useUrlText } from '@/components/query/url-state';
import type { BlockFilter } from './decision-queries';

const STATES = ['active', 'ended', 'all'] as const;

/** What the list of blocks is narrowed to, kept in the URL. At first it is of what is in force. */
export function useBlockFilter() {
  const [q, setQ] = useUrlText('q');
  const [state, setState] = useUrlText('state', 'push');
  const [scope, setScope] = useUrlText('scope', 'push');
  const [effect, setEffect] = useUrlText('effect', 'push');
  const [origin, setOrigin] = useUrlText('origin', 'push');
  const [batch, setBatch] = useUrlText('batch', 'push');
  const [rule, setRule] = useUrlText('rule', 'push');
  const [incident, setIncident] = useUrlText('incident', 'push');
  const [app] = useFacet('app');
  const filter = useMemo(
    (): BlockFilter => ({
      q: q ?? '',
      state: STATES.find((one) => one === state) ?? 'active',
      scope,
      effect,
      origin,
      batch,
      rule,
      incident,
      app,
    }),
    [q, state, scope, effect, origin, batch, rule, incident, app],
  );
  const clear = () => {
    for (const set of [setQ, setState, setScope, setEffect, setOrigin, setBatch, setRule, setIncident])
      set(null);
  };
  return { filter, setQ, setState, setScope, setEffect, setOrigin, setBatch, setRule, setIncident, clear };
}

export type BlockFilterControl = ReturnType<typeof useBlockFilter>;
