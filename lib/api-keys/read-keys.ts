import { permittedApps, requirePermission, type VerbContext } from '@/lib/auth';
import type { ApiKeyDetail, ApiKeyView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { figuresName, NO_FIGURES, readAdoption, readFigures, readPresenters } from './figures';
import { selectRotations } from './store/hooks';
import { findKey, type KeyRow, selectKeys } from './store/keys';
import { selectVersions } from './store/versions';
import { isUnused, keyView } from './view';

const DAY_MS = 86_400_000;
/** Of the time before the active version, so that the chart shows from where it came. */
const BEFORE_MS = 10 * 60_000;

/** Every API key of the apps that the actor may see, by app and name. @throws AppError `permission_denied` */
export async function listApiKeys(ctx: VerbContext): Promise<{ keys: ApiKeyView[] }> {
  const apps = permittedApps(ctx.actor, 'api_keys.read');
  return { keys: await loadViews(ctx, await selectKeys(ctx.db.orm, apps)) };
}

/** One API key with how devices adopt its versions. @throws AppError `permission_denied`, `api_key_not_found` */
export async function readApiKey(ctx: VerbContext, input: { id: string }): Promise<ApiKeyDetail> {
  permittedApps(ctx.actor, 'api_keys.read');
  const key = await findKey(ctx.db.orm, input.id);
  if (key === undefined) throw new AppError('api_key_not_found');
  requirePermission(ctx.actor, 'api_keys.read', key.appId);
  const view = await loadView(ctx, key);
  const nowMs = ctx.clock.nowMs();
  const active = view.versions.find(({ status }) => status === 'active');
  const sinceMs = Date.parse(active?.activatedAt ?? view.createdAt) - BEFORE_MS;
  const series = await readAdoption(ctx.db, key.id, Math.max(sinceMs, nowMs - 7 * DAY_MS), nowMs);
  const { timesMs, delivered, used } = series;
  const isPresented = view.versions.some((version) => version.revokedRequestsLastDay > 0);
  const presenters = isPresented ? await readPresenters(ctx.db, key, nowMs) : [];
  return {
    ...view,
    adoption: { times: timesMs.map((ms) => new Date(ms).toISOString()), delivered, used },
    presenters: presenters.map(({ lastAtMs, ...presenter }) => ({
      ...presenter,
      lastAt: new Date(lastAtMs).toISOString(),
    })),
  };
}

/**
 * One key as the console shows it, for whoever may act on it; with figures that were read already, if they are given.
 * @throws AppError `api_key_not_found`
 */
export async function loadKeyView(ctx: VerbContext, id: string): Promise<ApiKeyView> {
  const [key, versions, rotations, figures] = await Promise.all([
    findKey(ctx.db.orm, id),
    selectVersions(ctx.db.orm, [id]),
    selectRotations(ctx.db.orm, [id]),
    readFigures(ctx.db, [id], ctx.clock.nowMs()),
  ]);
  if (key === undefined) throw new AppError('api_key_not_found');
  return keyView(key, { versions, rotation: rotations[0], figures, nowMs: ctx.clock.nowMs() });
}

async function loadView(ctx: VerbContext, key: KeyRow): Promise<ApiKeyView> {
  const [view] = await loadViews(ctx, [key]);
  if (view === undefined) throw new AppError('api_key_not_found');
  return view;
}

async function loadViews({ db, clock }: VerbContext, keys: readonly KeyRow[]): Promise<ApiKeyView[]> {
  const ids = keys.map(({ id }) => id);
  const nowMs = clock.nowMs();
  const [versions, rotations, figures] = await Promise.all([
    selectVersions(db.orm, ids),
    selectRotations(db.orm, ids),
    readFigures(db, ids, nowMs),
  ]);
  return keys.map((key) =>
    keyView(key, {
      versions: versions.filter(({ keyId }) => keyId === key.id),
      rotation: rotations.find(({ keyId }) => keyId === key.id),
      figures,
      nowMs,
    }),
  );
}

/** Whether something would break without the version, as far as traffic, or for a third party's key delivery, tells. */
export async function isInUse({ db, clock }: VerbContext, key: KeyRow, version: number): Promise<boolean> {
  const figures = await readFigures(db, [key.id], clock.nowMs());
  return !isUnused(key.kind, figures.get(figuresName(key.id, version)) ?? NO_FIGURES);
}
