import type { QueryClient } from '@tanstack/react-query';
import type { LiveTopic, NodesView } from '@/lib/contracts';
import type { LiveStore } from './live-store';

/** First element of every query key: what the query shows. */
export const QUERY_ROOTS = {
  overview: 'overview',
  overviewCards: 'overview-cards',
  outlines: 'outlines',
  attestations: 'attestations',
  attestationList: 'attestation-list',
  attestationPages: 'attestation-pages',
  attestationFigures: 'attestation-figures',
  explanations: 'explanations',
  devices: 'devices',
  device: 'device',
  blocks: 'blocks',
  blockReach: 'block-reach',
  audit: 'audit',
  apps: 'apps',
  certificates: 'certificates',
  apiKeys: 'api-keys',
  nodes: 'nodes',
  propagation: 'propagation',
  search: 'search',
  views: 'views',
  signingKeys: 'signing-keys',
  endorsements: 'endorsements',
  cutOffs: 'cut-offs',
  relyingParties: 'relying-parties',
  blockRules: 'block-rules',
  policies: 'policies',
} as const;
export type QueryRoot = keyof typeof QUERY_ROOTS;

/**
 * Which queries show what a topic tells of. Nodes and propagation bring their data along; long lists are not read again
 * with every attestation, but take the new rows in (`use-live-tail`) or ask now and then. Of nodes, policies hang on what each is too old for.
 */
const STALE_AFTER: Readonly<Record<LiveTopic, readonly QueryRoot[]>> = {
  hello: [],
  attestations: ['overview', 'attestations'],
  propagation: [],
  nodes: ['policies'],
  audit: [
    'overview',
    'devices',
    'device',
    'blocks',
    'explanations',
    'apps',
    'apiKeys',
    'certificates',
    'audit',
    'views',
    'signingKeys',
    'endorsements',
    'cutOffs',
    'relyingParties',
    'blockRules',
    'policies',
  ],
  tick: [],
};

/** Which nodes cannot obey a policy, as a text to compare. */
const tooOld = (view: NodesView | undefined) =>
  view?.nodes
    .filter(({ unsupportedPolicies }) => unsupportedPolicies > 0)
    .map(({ id, alive, unsupportedPolicies }) => `${id}=${alive}:${unsupportedPolicies}`)
    .join(' ') ?? '';

/** Thousands of events a second refetch about once a second, and a single one almost at once. */
const BETWEEN_MS = 750;
const GATHER_MS = 50;

/** Keeps the query cache in step with the stream; gives what ends that. */
export function followLive(store: LiveStore, client: QueryClient): () => void {
  const stale = new Set<QueryRoot>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refetchedMs = Number.NEGATIVE_INFINITY;

  const refetch = () => {
    timer = undefined;
    refetchedMs = Date.now();
    for (const root of stale) void client.invalidateQueries({ queryKey: [QUERY_ROOTS[root]] });
    stale.clear();
  };
  const gather = (topic: LiveTopic) => {
    for (const root of STALE_AFTER[topic]) stale.add(root);
    timer ??= setTimeout(refetch, Math.max(GATHER_MS, refetchedMs + BETWEEN_MS - Date.now()));
  };

  const ends = [
    store.on('hello', ({ resumed }) => {
      if (!resumed) void client.invalidateQueries();
    }),
    store.on('attestations', () => gather('attestations')),
    store.on('audit', () => gather('audit')),
    store.on('nodes', (nodes) => {
      const before = client.getQueryData<NodesView>([QUERY_ROOTS.nodes]);
      client.setQueryData([QUERY_ROOTS.nodes], nodes);
      if (tooOld(before) !== tooOld(nodes)) gather('nodes');
    }),
    store.on('propagation', (view) => client.setQueryData([QUERY_ROOTS.propagation, view.seq], view)),
  ];
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}
