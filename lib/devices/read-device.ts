import { requirePermission, requireSomewhere, scopeApps, type VerbContext } from '@/lib/auth';
import { type BlockFacts, parseNetwork, versionTarget } from '@/lib/block-list';
import { blocksOfTarget, blockView, isActive, standingOf } from '@/lib/blocks';
import {
  type DeviceView,
  decodeTrustVector,
  type EvidenceClaims,
  evidenceClaimsSchema,
} from '@/lib/contracts';
import { AppError, toBase64Url } from '@/lib/core';
import { listEvents } from '@/lib/telemetry/queries';
import { findDevice, findDeviceRow, listDevicesOnNetwork, type StoredDevice } from './store';
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
  const claims = evidenceClaimsSchema.parse(stored.claims);
  const [row, events, blocks, standing, linked] = await Promise.all([
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
    standingOf(db.orm, blockFacts(stored, claims), nowMs),
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
  const active = blocks.find((block) => block.effect === 'refuse' && isActive(block, nowMs));
  const views = blocks.map(blockView);
  return {
    device: row,
    keyId: toBase64Url(stored.keyId),
    counter: stored.counter,
    evidenceAt: stored.evidenceAt.toISOString(),
    vector: decodeTrustVector(stored.vector),
    claims,
    activeBlock: active ? blockView(active) : null,
    standing,
    pastBlocks: views.filter((block) => block.effect === 'refuse' && block.id !== active?.id),
    timeline: timelineOf(
      events.map((event) => event.row),
      views,
    ),
    linked,
  };
}

/** What blocks would go by if the device attested again as it did last. */
function blockFacts(stored: StoredDevice, claims: EvidenceClaims): BlockFacts {
  const { appId, id, platform, appVersion, osVersion, networkPrefix, asn, country } = stored;
  return {
    appId,
    instanceId: id,
    hardware: claims.attestationKey ?? null,
    appVersion: versionTarget(platform, appVersion),
    osBuild: versionTarget(platform, osVersion),
    signers: claims.app.signerDigests,
    network: networkPrefix === null ? null : (parseNetwork(networkPrefix) ?? null),
    asn,
    country,
  };
}
