import { permittedApps, requireSomewhere, type VerbContext } from '@/lib/auth';
import { PARTY_ALIVE_SECONDS } from '@/lib/changes';
import type { RelyingParties } from '@/lib/contracts';
import { listApis, listPartyRows } from './store';

/**
 * The relying parties that follow the revocation feed, of the apps that the viewer may see, and the APIs that another may
 * stand before. @throws AppError `permission_denied`
 */
export async function listRelyingParties({ db, actor }: VerbContext): Promise<RelyingParties> {
  requireSomewhere(actor, 'nodes.read');
  const apps = permittedApps(actor, 'nodes.read');
  return {
    relyingParties: await listPartyRows(db.orm, apps, PARTY_ALIVE_SECONDS),
    apis: await listApis(db.orm, apps),
  };
}
