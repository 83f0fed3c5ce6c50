import { permittedApps, type VerbContext } from '@/lib/auth';
import type { EndorsementAlarm, EndorsementsView } from '@/lib/contracts';
import { BUILT_IN_ANCHORS, readAnchor } from '@/lib/evidence';
import { selectQuotas } from '@/lib/integrity';
import { alarmsOf } from './alarms';
import { countDue, selectConcernedApps, selectKeys } from './store/keys';
import { readStatusListRow, type StatusListRow } from './store/status-list';

/** Receipts that are due are counted up to this many. */
const MOST_DUE = 1_000;

type App = Awaited<ReturnType<typeof selectConcernedApps>>[number];
type Key = Awaited<ReturnType<typeof selectKeys>>[number];

/**
 * What verification rests on: anchors, the list of revoked keys, the teams that may ask Apple about receipts, the
 * quotas of Google's decoding; and what is wrong with any of it. @throws AppError `permission_denied`
 */
export async function readEndorsements({ db, actor, clock }: VerbContext): Promise<EndorsementsView> {
  const scope = permittedApps(actor, 'endorsements.read');
  const [row, apps, keys, quotas] = await Promise.all([
    readStatusListRow(db.orm),
    selectConcernedApps(db.orm, scope),
    selectKeys(db.orm, scope),
    selectQuotas(db.orm, scope),
  ]);
  const teams = await Promise.all(
    apps
      .filter((app) => app.hasApple && app.teamId !== null)
      .map(async (app) => {
        const key = keys.find(({ appId }) => appId === app.id);
        return teamView(app, key, key === undefined ? 0 : await countDue(db.orm, app.id, MOST_DUE));
      }),
  );
  const concerned = apps.filter(({ hasAndroid, environment }) => hasAndroid && environment === 'production');
  const view = {
    anchors: [...builtInAnchors(), ...apps.flatMap(registeredAnchors)],
    statusList: statusListView(row, concerned.length),
    teams,
    quotas,
  };
  return { ...view, alarms: alarmsOf(view, clock.nowMs()) };
}

/** Only what is wrong, for pages that show something else. @throws AppError `permission_denied` */
export async function readEndorsementAlarms(ctx: VerbContext): Promise<EndorsementAlarm[]> {
  return (await readEndorsements(ctx)).alarms;
}

const FORMATS = [
  ['apple', 'apple-app-attest'],
  ['appleReceipts', 'apple-receipt'],
  ['android', 'android-key-attestation'],
] as const;

function builtInAnchors(): EndorsementsView['anchors'] {
  return FORMATS.flatMap(([list, format]) =>
    BUILT_IN_ANCHORS[list].map((anchor) => ({
      format,
      name: anchor.name,
      spkiSha256: anchor.spkiSha256,
      notBefore: new Date(anchor.notBeforeMs).toISOString(),
      notAfter: new Date(anchor.notAfterMs).toISOString(),
      app: null,
    })),
  );
}

/** Anchors that an app in a development environment trusts for everything. */
function registeredAnchors({
  id,
  name: appName,
  environment,
  trustAnchors,
}: App): EndorsementsView['anchors'] {
  if (environment !== 'development') return [];
  return trustAnchors.flatMap((source) => {
    const anchor = readAnchor(source);
    if (anchor === undefined) return [];
    return {
      format: 'any',
      name: anchor.name,
      spkiSha256: anchor.spkiSha256,
      notBefore: new Date(anchor.notBeforeMs).toISOString(),
      notAfter: new Date(anchor.notAfterMs).toISOString(),
      app: { id, name: appName },
    };
  });
}

const iso = (at: Date | null | undefined) => at?.toISOString() ?? null;

function statusListView(row: StatusListRow, concernedApps: number): EndorsementsView['statusList'] {
  const { digest, entries, previousEntries, source, attempts, lastError, maxAgeHours } = row;
  return {
    digest,
    entries,
    previousEntries,
    source,
    attempts,
    lastError,
    maxAgeHours,
    concernedApps,
    fetchedAt: iso(row.fetchedAt),
    changedAt: iso(row.changedAt),
    checkedAt: iso(row.checkedAt),
    nextCheckAt: row.nextCheckAt.toISOString(),
  };
}

function teamView(app: App, key: Key | undefined, due: number): EndorsementsView['teams'][number] {
  return {
    appId: app.id,
    appName: app.name,
    teamId: app.teamId ?? '',
    keyId: key?.keyId ?? null,
    setAt: iso(key?.createdAt),
    setByName: key?.createdByName ?? null,
    renewed: key?.renewed ?? 0,
    refused: key?.refused ?? 0,
    due,
    lastRenewedAt: iso(key?.lastRenewedAt),
    lastError: key?.lastError ?? null,
    pausedUntil: iso(key?.pausedUntil),
  };
}
