import { permittedApps, requirePermission, type VerbContext } from '@/lib/auth';
import type { AppView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { countAttestationsSince } from '@/lib/telemetry/queries';
import { countDevicesSince, loadApis, loadApps } from './store';
import { appView } from './view';

const DAY_MS = 86_400_000;

/** Every app that the actor may see, by name. @throws AppError `permission_denied` */
export async function listApps(ctx: VerbContext): Promise<{ apps: AppView[] }> {
  return { apps: await loadViews(ctx, permittedApps(ctx.actor, 'apps.read')) };
}

/** One app. @throws AppError `permission_denied`, `app_not_found` */
export async function readApp(ctx: VerbContext, input: { id: string }): Promise<AppView> {
  requirePermission(ctx.actor, 'apps.read', input.id);
  const [view] = await loadViews(ctx, [input.id]);
  if (!view) throw new AppError('app_not_found');
  return view;
}

async function loadViews({ db, clock }: VerbContext, ids: readonly string[] | null): Promise<AppView[]> {
  const since = new Date(clock.nowMs() - DAY_MS);
  const apps = await loadApps(db.orm, ids);
  const found = apps.map((app) => app.snapshot.id);
  const [apis, attestations, devices] = await Promise.all([
    loadApis(db.orm, ids),
    countAttestationsSince(db.orm, found, since),
    countDevicesSince(db.orm, found, since),
  ]);
  return apps.map((app) =>
    appView(app, {
      apis: apis.filter((api) => api.appIds.includes(app.snapshot.id)),
      attestations24h: attestations.get(app.snapshot.id) ?? 0,
      devices24h: devices.get(app.snapshot.id) ?? 0,
    }),
  );
}
