import { permittedApps, type VerbContext } from '@/lib/auth';
import type { PolicyStandings } from '@/lib/contracts';
import { selectStandings } from './standing-store';

/** How the policies of all apps that the reader may see stand. @throws AppError `permission_denied` */
export async function listPolicyStandings({ db, actor }: VerbContext): Promise<PolicyStandings> {
  const rows = await selectStandings(db.orm, permittedApps(actor, 'policies.read'));
  return {
    apps: rows.map(({ revision, updatedBy, updatedAt, approvedBy, candidate, stage, ...row }) => ({
      ...row,
      publishedAt: row.publishedAt.toISOString(),
      draft:
        revision === null || updatedBy === null || updatedAt === null
          ? null
          : { revision, updatedBy, updatedAt: updatedAt.toISOString(), approvedBy },
      rollout: candidate === null || stage === null ? null : { version: candidate, stage },
    })),
  };
}
