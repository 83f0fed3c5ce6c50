import { listApps } from '@/lib/apps';
import { mayDo, permittedApps, requireSomewhere, type VerbContext } from '@/lib/auth';
import { parseReference } from '@/lib/core';
import { findEventByReference } from '@/lib/telemetry/queries';
import { deviceScope, NO_FACETS } from './list-devices';
import { readDeviceSearch } from './search-text';
import { listDeviceRows } from './source-store';

const SHOWN_DEVICES = 8;
const SHOWN_APPS = 5;

/** Something that a search found, and where the console shows it. */
export interface SearchResult {
  kind: 'device' | 'attestation' | 'app';
  title: string;
  detail: string;
  href: string;
}

/** Finds apps, attestations and devices by one text, as far as the actor may see them. */
export async function searchEverything(
  ctx: VerbContext,
  input: { q: string },
): Promise<{ results: SearchResult[] }> {
  requireSomewhere(ctx.actor, 'telemetry.read');
  const q = input.q.trim();
  if (q.length < 2) return { results: [] };
  const found = await Promise.all([findApps(ctx, q), findAttestations(ctx, q), findDevices(ctx, q)]);
  return { results: found.flat() };
}

async function findApps(ctx: VerbContext, q: string): Promise<SearchResult[]> {
  const { apps } = await listApps(ctx);
  const text = q.toLowerCase();
  return apps
    .filter((app) => app.id.includes(text) || app.name.toLowerCase().includes(text))
    .slice(0, SHOWN_APPS)
    .map((app) => ({
      kind: 'app',
      title: app.name,
      detail: `${app.id}, ${app.environment}`,
      href: `/apps/${encodeURIComponent(app.id)}`,
    }));
}

async function findAttestations({ db, actor }: VerbContext, q: string): Promise<SearchResult[]> {
  const reference = parseReference(q);
  const event = reference === undefined ? undefined : await findEventByReference(db.orm, reference);
  if (!event || !mayDo(actor, 'telemetry.read', event.row.appId)) return [];
  const { row } = event;
  const search = new URLSearchParams({ range: '30d', q: row.reference, event: row.id });
  return [
    {
      kind: 'attestation',
      title: row.reference,
      detail: `${row.verdict}, ${row.appName}, ${row.model}`,
      href: `/attestations?${search.toString()}`,
    },
  ];
}

async function findDevices({ db, actor, clock }: VerbContext, q: string): Promise<SearchResult[]> {
  const match = readDeviceSearch(q);
  if (match.kind === 'none' || match.kind === 'reference') return [];
  const scope = deviceScope(permittedApps(actor, 'devices.read'), NO_FACETS, match);
  const { rows: found } = await listDeviceRows(
    db.orm,
    scope,
    undefined,
    SHOWN_DEVICES,
    new Date(clock.nowMs()),
  );
  return found.map(({ row }) => ({
    kind: 'device',
    title: `${row.model}, ${row.appName}`,
    detail: row.id,
    href: `/devices/${row.id}`,
  }));
}
