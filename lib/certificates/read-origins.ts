import { permittedApps, type VerbContext } from '@/lib/auth';
import { ADOPTION_WINDOW_DAYS, type OriginDetail, type OriginView } from '@/lib/contracts';
import { AppError, type OriginId } from '@/lib/core';
import type { Executor } from '@/lib/db';
import { requireOrigin } from './require-origin';
import { countFailures, groupFailures } from './store/failures';
import { listOriginRows, type NamedOrigin } from './store/origins';
import { currentPinSets, listPinSets } from './store/pin-sets';
import { listProbes, newestProbes } from './store/probes';
import { devicesByConfig, listRotations, openRotations } from './store/rotations';
import {
  failureGroupViews,
  type OriginFacts,
  originView,
  pastRotationView,
  pinSetView,
  probeView,
} from './view';

const DAY_MS = 86_400_000;
const SHOWN = { probes: 20, versions: 20, rotations: 20, failures: 100 } as const;

/** Every origin of the apps that the actor may see, by app and host. @throws AppError `permission_denied` */
export async function listOrigins({ db, actor, clock }: VerbContext): Promise<{ origins: OriginView[] }> {
  const appIds = permittedApps(actor, 'certificates.read');
  const nowMs = clock.nowMs();
  const origins = await listOriginRows(db.orm, { appIds });
  const facts = await readFacts(db.orm, origins, nowMs);
  return { origins: facts.map((one) => originView(one, nowMs)) };
}

/**
 * One origin with its history, the adoption of its app's configuration, and what devices reported.
 * @throws AppError `permission_denied`, `origin_not_found`
 */
export async function readOrigin(
  { db, actor, clock }: VerbContext,
  input: { id: string },
): Promise<OriginDetail> {
  const { appId, host } = await requireOrigin(db.orm, actor, 'certificates.read', input.id);
  const id = input.id as OriginId;
  const nowMs = clock.nowMs();
  const [facts] = await readFacts(db.orm, await listOriginRows(db.orm, { id }), nowMs);
  if (facts === undefined) throw new AppError('origin_not_found');
  const [probes, versions, rotations, adoption, groups] = await Promise.all([
    listProbes(db.orm, id, SHOWN.probes),
    listPinSets(db.orm, id, SHOWN.versions),
    listRotations(db.orm, id, SHOWN.rotations),
    devicesByConfig(db.orm, appId, nowMs),
    groupFailures(db.orm, { appId, host, sinceDay: sinceDay(nowMs) }, SHOWN.failures),
  ]);
  return {
    ...originView(facts, nowMs),
    probes: probes.map(probeView),
    versions: versions.map(pinSetView),
    rotations: rotations.map(pastRotationView),
    adoption,
    failureGroups: failureGroupViews(groups, facts.lastChain),
  };
}

/** What is known of these origins. Devices are counted only for apps with a rotation under way. */
async function readFacts(
  db: Executor,
  origins: readonly NamedOrigin[],
  nowMs: number,
): Promise<OriginFacts[]> {
  const ids = origins.map(({ id }) => id);
  const appIds = [...new Set(origins.map(({ appId }) => appId))];
  const [{ newest, withChain }, sets, rotations, failures] = await Promise.all([
    newestProbes(db, ids),
    currentPinSets(db, ids),
    openRotations(db, ids),
    countFailures(db, appIds, sinceDay(nowMs)),
  ]);
  const rotating = [...new Set([...rotations.values()].map(({ appId }) => appId))];
  const counted = await Promise.all(
    rotating.map(async (appId) => [appId, await devicesByConfig(db, appId, nowMs)] as const),
  );
  const devices = new Map(counted);
  return origins.map((origin) => ({
    origin,
    probe: newest.get(origin.id),
    lastChain: withChain.get(origin.id),
    set: sets.get(origin.id),
    rotation: rotations.get(origin.id),
    devices: devices.get(origin.appId) ?? [],
    failures: failures.get(`${origin.appId} ${origin.host}`),
  }));
}

function sinceDay(nowMs: number): string {
  return new Date(nowMs - ADOPTION_WINDOW_DAYS * DAY_MS).toISOString().slice(0, 10);
}
