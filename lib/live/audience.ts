import { mayDo, permittedApps, type StaffActor } from '@/lib/auth';
import type { LiveMessage, LiveTopic, Permission } from '@/lib/contracts';

/** Something that happened, before it is cut to what somebody may see. */
export type LiveItem =
  | { topic: 'attestations'; data: LiveMessage<'attestations'> }
  | { topic: 'propagation'; data: LiveMessage<'propagation'> }
  | { topic: 'nodes'; data: LiveMessage<'nodes'> }
  | { topic: 'audit'; data: LiveMessage<'audit'>; appId: string | null };

/** What an actor may see live. Actors with equal keys see the same. */
export interface Audience {
  key: string;
  /** Apps whose telemetry they may read; `null` for all. */
  telemetry: readonly string[] | null;
  /** Apps whose audit rows they may read; `null` for all rows. */
  audit: readonly string[] | null;
  nodes: boolean;
}

/** A message as it is sent. */
export interface SentMessage {
  topic: LiveTopic;
  data: object;
}

/** What an actor may see, by their present grants; nothing at all without any. */
export function audienceOf(actor: StaffActor): Audience {
  const telemetry = appsFor(actor, 'telemetry.read');
  const audit = appsFor(actor, 'audit.read');
  const nodes = mayDo(actor, 'nodes.read', null) || appsFor(actor, 'nodes.read')?.length !== 0;
  return { key: JSON.stringify([telemetry, audit, nodes]), telemetry, audit, nodes };
}

/** What of an item an audience is sent; `undefined` for nothing. */
export function viewOf(item: LiveItem, audience: Audience): SentMessage | undefined {
  switch (item.topic) {
    case 'attestations':
      return attestationsView(item.data, audience.telemetry);
    case 'audit':
      return mayKnowOf(item.appId, audience) ? item : undefined;
    case 'nodes':
    case 'propagation':
      return audience.nodes ? item : undefined;
  }
}

/** Only the apps that may be seen; where none of them attested, that time went on. */
function attestationsView(data: LiveMessage<'attestations'>, apps: readonly string[] | null): SentMessage {
  if (apps === null) return { topic: 'attestations', data };
  const counts = data.counts.filter((count) => apps.includes(count.appId));
  const rows = data.rows.filter((row) => apps.includes(row.appId));
  const { serverTime } = data;
  return counts.length === 0
    ? { topic: 'tick', data: { serverTime } }
    : { topic: 'attestations', data: { serverTime, counts, rows } };
}

/** Rows of an app are known to whoever sees that app's charts, where they are markers; others to readers of the log. */
function mayKnowOf(appId: string | null, { audit, telemetry }: Audience): boolean {
  if (audit === null) return true;
  if (appId === null) return false;
  return audit.includes(appId) || telemetry === null || telemetry.includes(appId);
}

function appsFor(actor: StaffActor, permission: Permission): readonly string[] | null {
  try {
    const apps = permittedApps(actor, permission);
    return apps === null ? null : [...apps].sort();
  } catch {
    return [];
  }
}
