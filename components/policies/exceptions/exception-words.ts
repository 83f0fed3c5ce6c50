import { withParams } from '@/components/query/api-fetch';
import { platformLabel } from '@/components/ui/domain-labels';
import { formatCount, plural } from '@/components/ui/format';
import type { PolicyException } from '@/lib/contracts';
import { policyHref } from '../policy-links';
import { remainingWords } from '../quarantine/quarantine-form';

/** An exception for people: its mark, what it is about, the rest of the sentence, and where to act on it. */
export interface ExceptionWords {
  key: string;
  tone: 'rejected' | 'flagged';
  subject: string;
  text: string;
  href: string;
  /** Where to see more of it. */
  more?: { label: string; href: string };
}

/** Puts an exception into words; the remaining time is of `nowMs`, and left out where that is not known yet. */
export function exceptionWords(exception: PolicyException, nowMs: number | null): ExceptionWords {
  const { appId, appName, kind } = exception;
  const key = `${kind} ${appId}`;
  switch (exception.kind) {
    case 'kill_switch':
      return {
        ...{ key, tone: 'rejected', subject: appName, href: policyHref(appId, 'emergency') },
        text: `is refused as a whole, by ${exception.by}: “${exception.reason}”`,
      };
    case 'minimum_versions':
      return {
        ...{ key, tone: 'rejected', subject: appName, href: policyHref(appId, 'emergency') },
        text: `is refused in versions older than ${versionsWords(exception.minimumVersions)}`,
      };
    case 'rollout_reverted':
      return {
        ...{ key, tone: 'flagged', subject: appName, href: policyHref(appId, 'rollout') },
        text: `had version ${exception.version} of its policy reverted by the guardrail`,
      };
    case 'policy_unsupported': {
      const { version, judgedBy, nodes, allNodes } = exception;
      const of = `${nodes} of ${plural(allNodes, 'node')}`;
      const ages = `${nodes === 1 ? 'is' : 'are'} too old for version ${version}`;
      return {
        ...{ key: `${key} ${judgedBy}`, subject: appName, href: policyHref(appId, 'history') },
        ...(judgedBy === null
          ? { tone: 'rejected', text: `is rejected as a whole by ${of}, which ${ages} of its policy` }
          : {
              tone: 'flagged',
              text: `is judged by version ${judgedBy} of its policy on ${of}, which ${ages}`,
            }),
      };
    }
    case 'rule_failed': {
      const { rule, title, attestations, causes } = exception;
      const [only, ...others] = causes;
      const why =
        others.length === 0
          ? only?.words
          : causes.map((one) => `${one.words} (${formatCount(one.attestations)})`).join('; ');
      return {
        ...{ key: `${key} ${rule}`, tone: 'flagged', subject: `The rule “${title}”` },
        href: policyHref(appId, null, { part: 'rules', rule }),
        text: `of ${appName} could not be evaluated in ${plural(attestations, 'attestation')} of the last 24 hours: ${why}`,
        more: {
          label: 'See flagged attestations',
          href: withParams('/attestations', { app: appId, threat: 'policy_rule_failed', range: '24h' }),
        },
      };
    }
    case 'quarantine': {
      const left = nowMs === null ? '' : `, ${remainingWords(exception.expiresAt, nowMs)} left`;
      return {
        ...{ key: exception.id, tone: 'flagged', subject: exception.threatTitle },
        href: policyHref(appId, 'quarantines'),
        text: `is in quarantine in ${appName} on ${exception.whenWords}${left}`,
      };
    }
  }
}

function versionsWords(minimum: { ios: string | null; android: string | null }): string {
  return (['ios', 'android'] as const)
    .flatMap((platform) =>
      minimum[platform] === null ? [] : [`${platformLabel(platform)} ${minimum[platform]}`],
    )
    .join(' and ');
}

/** Exceptions that last at `nowMs`: a quarantine ends by itself, and nothing tells of it. */
export function lasting(exceptions: readonly PolicyException[], nowMs: number | null): PolicyException[] {
  return exceptions.filter(
    (one) => one.kind !== 'quarantine' || nowMs === null || Date.parse(one.expiresAt) > nowMs,
  );
}
