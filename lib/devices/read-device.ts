import { requirePermission, requireSomewhere, scopeApps, type VerbContext } from '@/lib/auth';
import { blocksOfTarget, blockView, isActive } from '@/lib/blocks';
import { type DeviceView, evidenceClaimsSchema, trustVectorSchema } from '@/lib/contracts';
import { AppError, toBase64Url } from '@/lib/core';
import { listEvents } from '@/lib/telemetry/queries';
import { findDevice, findDeviceRow, listDevicesOnNetwork } from './store';
import { timelineOf } from './timeline';

const TIMELINE_EVENTS = 100;
const SHOWN_BLOCKS = 50;
const LINKED_DEVICES = 20;
const NO_FACETS = {
  app: [],
  verdict: [],
  threat: [],
  platform: [],
  osVersion: [],
  appVersion: [],
  country: [],
  network: [],
  policyVersion: [],
};

/** One device with its history and its neighbours. @throws AppError `permission_denied`, `instance_not_found` */
export async function readDevice(
  { db, actor, clock }: VerbContext,
  input: { id: string },
): Promise<DeviceView> {
  requireSomewhere(actor, 'devices.read');
  const stored = await findDevice(db.orm, input.id);
  if (!stored) throw new AppError('instance_not_found');
  requirePermission(actor, 'devices.read', stored.appId);
  const nowMs = clock.nowMs();
  const now = new Date(nowMs);
  const [row, events, blocks, linked] = await Promise.all([
    findDeviceRow(db.orm, stored.id, now),
    listEvents(
      db.orm,
      {
        apps: null,
        fromMs: stored.firstSeenAt.getTime() - 60_000,
        toMs: nowMs + 60_000,
        filter: NO_FACETS,
        only: { instanceId: stored.id },
      },
      undefined,
      TIMELINE_EVENTS,
    ),
    blocksOfTarget(db.orm, stored.id, SHOWN_BLOCKS),
    stored.networkPrefix === null
      ? []
      : listDevicesOnNetwork(
          db.orm,
          stored.networkPrefix,
          stored.id,
          scopeApps(actor, 'devices.read', []),
          LINKED_DEVICES,
          now,
        ),
  ]);
  if (!row) throw new AppError('instance_not_found');
  const active = blocks.find((block) => isActive(block, nowMs));
  const views = blocks.map(blockView);
  return {
    device: row,
    keyId: toBase64Url(stored.keyId),
    counter: stored.counter,
    evidenceAt: stored.evidenceAt.toISOString(),
    vector: trustVectorSchema.parse(stored.vector),
    claims: evidenceClaimsSchema.parse(stored.claims),
    activeBlock: active ? blockView(active) : null,
    pastBlocks: views.filter((block) => block.id !== active?.id),
    timeline: timelineOf(
      events.map((event) => event.row),
      views,
    ),
    linked,
  };
}
