import { permittedApps, type VerbContext } from '@/lib/auth';
import { readUnsupportedPolicies } from '@/lib/changes';
import { type PolicyException, type PolicyExceptions, threatTitle } from '@/lib/contracts';
import { conditionWords } from '@/lib/words';
import { GUARDRAIL } from './carry-rollouts';
import { selectKillSwitches, selectMinimumVersions, selectReverted } from './exception-store';
import { selectQuarantines } from './quarantine-store';
import { readRuleFailures } from './rule-failures';

const MOST = 50;
const REVERTED_MS = 86_400_000;

/**
 * What departs from the policies of the apps that the reader may see, gravest first: whole apps that are refused, nodes
 * that cannot obey, versions that are refused, rules that cannot be evaluated, rollouts that were reverted today, signals in
 * quarantine. @throws AppError `permission_denied`
 */
export async function readExceptions({ db, actor, clock }: VerbContext): Promise<PolicyExceptions> {
  const ids = permittedApps(actor, 'policies.read');
  const now = new Date(clock.nowMs());
  const since = new Date(now.getTime() - REVERTED_MS);
  const [killed, minimum, quarantines, reverted, unsupported, failedRules] = await Promise.all([
    selectKillSwitches(db.orm, ids, { now, most: MOST }),
    selectMinimumVersions(db.orm, ids, MOST),
    selectQuarantines(db.orm, ids, { onlyActive: true, limit: MOST }),
    selectReverted(db.orm, ids, { since, by: GUARDRAIL, most: MOST }),
    readUnsupportedPolicies(db.orm, ids),
    readRuleFailures(db.orm, ids, now.getTime()),
  ]);
  const exceptions: PolicyException[] = [
    ...killed.map((row) => ({ ...row, kind: 'kill_switch' as const, since: row.since.toISOString() })),
    ...unsupported.map((row) => ({ ...row, kind: 'policy_unsupported' as const })),
    ...minimum.map((row) => ({ ...row, kind: 'minimum_versions' as const })),
    ...failedRules,
    ...reverted.map(({ endedAt, reason, ...row }) => ({
      ...row,
      kind: 'rollout_reverted' as const,
      endedAt: (endedAt ?? now).toISOString(),
      reason: reason ?? '',
    })),
    ...quarantines.map(({ id, appId, appName, threat, condition, expiresAt }) => ({
      ...{ kind: 'quarantine' as const, id, appId, appName, threat, threatTitle: threatTitle(threat) },
      ...{ whenWords: conditionWords(condition), expiresAt: expiresAt.toISOString() },
    })),
  ];
  return { exceptions: exceptions.slice(0, MOST) };
}
