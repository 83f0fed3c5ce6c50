import type { ApiKeyKind, ApiKeyVersionView, ApiKeyView } from '@/lib/contracts';
import { standingAt } from '@/lib/relying-party';
import { figuresName, NO_FIGURES, type VersionFigures } from './figures';
import type { RotationRow } from './store/hooks';
import type { KeyRow } from './store/keys';
import type { VersionRow } from './store/versions';
import { NO_VERSION } from './use-counters';

/**
 * Whether nothing would break without a version. Of a managed key the requests of the last day tell; nothing is known of
 * those to a third party, so that there no device may hold it.
 */
export function isUnused(kind: ApiKeyKind, figures: VersionFigures): boolean {
  return kind === 'managed' ? figures.requestsLastDay === 0 : figures.devices === 0;
}

/** A key as the console shows it. */
export function keyView(
  key: KeyRow,
  about: {
    versions: readonly VersionRow[];
    rotation: RotationRow | undefined;
    figures: ReadonlyMap<string, VersionFigures>;
    nowMs: number;
  },
): ApiKeyView {
  const versions = about.versions.map((row) =>
    versionView(key, row, about.figures.get(figuresName(key.id, row.version)) ?? NO_FIGURES, about.nowMs),
  );
  const devices = versions.reduce((sum, version) => sum + version.devices, 0);
  const current = versions.find(({ status }) => status === 'active')?.devices ?? 0;
  const { rotation } = about;
  return {
    ...key,
    createdAt: key.createdAt.toISOString(),
    devices,
    devicesBehind: devices - current,
    requestsWithoutLastHour: about.figures.get(figuresName(key.id, NO_VERSION))?.requestsLastHour ?? 0,
    versions,
    rotation:
      rotation === undefined
        ? null
        : {
            state: rotation.state,
            graceSeconds: rotation.graceSeconds,
            requestedAt: rotation.requestedAt.toISOString(),
            requestedByName: rotation.requestedByName,
            attempts: rotation.attempts,
            lastError: rotation.lastError,
          },
  };
}

function versionView(
  { kind }: KeyRow,
  row: VersionRow,
  figures: VersionFigures,
  nowMs: number,
): ApiKeyVersionView {
  const retiresAtMs = row.retiresAt?.getTime() ?? null;
  const status = standingAt({ status: row.status, retiresAtMs }, nowMs);
  const isOver = status === 'revoked' && row.status === 'retiring';
  const { lastUsedAtMs, ...counts } = figures;
  return {
    version: row.version,
    status,
    origin: row.origin,
    createdAt: row.createdAt.toISOString(),
    createdByName: row.createdByName,
    activatedAt: row.activatedAt?.toISOString() ?? null,
    retiresAt: row.retiresAt?.toISOString() ?? null,
    revokedAt: (isOver ? row.retiresAt : row.revokedAt)?.toISOString() ?? null,
    revokedWhy: isOver ? 'grace_over' : row.revokedWhy,
    seq: row.seq,
    ...counts,
    lastUsedAt: lastUsedAtMs === null ? null : new Date(lastUsedAtMs).toISOString(),
    isSafeToRetire: status === 'retiring' ? isUnused(kind, figures) : null,
    hookRevocation:
      row.externalRef === null || row.status !== 'revoked'
        ? null
        : {
            done: row.externalRevokedAt !== null,
            attempts: row.externalRevokeAttempts,
            lastError: row.externalRevokeError,
          },
  };
}
