import { scopeApps, type VerbContext } from '@/lib/auth';
import type { NextExpiry } from '@/lib/contracts';
import { expiryOf, expiryWarning } from './judge-pins';
import { listOriginRows } from './store/origins';
import { newestProbes } from './store/probes';

/**
 * Which certificate of the protected origins expires first, among the apps that were asked for and may be seen. It goes
 * by the chains that were read last.
 * @throws AppError `permission_denied`
 */
export async function nextExpiry(
  { db, actor, clock }: VerbContext,
  input: { app: readonly string[] },
): Promise<NextExpiry> {
  const origins = await listOriginRows(db.orm, { appIds: scopeApps(actor, 'certificates.read', input.app) });
  const { withChain } = await newestProbes(
    db.orm,
    origins.map(({ id }) => id),
  );
  const [first] = origins
    .flatMap(({ id, host }) => {
      const expiresAt = expiryOf(withChain.get(id)?.chain ?? null);
      return expiresAt === null ? [] : [{ originId: id, host, expiresAt }];
    })
    .toSorted((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt));
  const nowMs = clock.nowMs();
  return {
    origins: origins.length,
    next:
      first === undefined
        ? null
        : {
            ...first,
            days: Math.floor((Date.parse(first.expiresAt) - nowMs) / 86_400_000),
            warning: expiryWarning(first.expiresAt, nowMs),
          },
  };
}
