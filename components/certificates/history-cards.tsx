'use client';

import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { formatDuration, plural } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import { type MarkedVerdict, VerdictMark } from '@/components/ui/verdict-mark';
import type { OriginDetail, ProbeView } from '@/lib/contracts';
import { FINDING_TEXT, OUTCOME_TEXT, PROBLEM_TEXT } from './certificate-words';

/** The latest probes, newest first. */
export function ProbesCard({ probes }: Pick<OriginDetail, 'probes'>) {
  return (
    <Card aria-label="Probes">
      <CardHeader title="Probes" note="every hour, and on demand" />
      <ul className="border-t">
        {probes.map((probe) => (
          <li key={probe.id} className="grid gap-0.5 border-b px-4 py-1.5 last:border-b-0">
            <p>
              <VerdictMark verdict={markOf(probe)} className="mr-2" />
              {[OUTCOME_TEXT[probe.outcome], ...probe.findings.map((finding) => FINDING_TEXT[finding])].join(
                ' ',
              )}
            </p>
            <p className="text-sm text-faint">
              <Time at={probe.probedAt} format="exact" /> in {formatDuration(probe.durationMs)}
              {probe.requestedByName === null ? '' : `, asked for by ${probe.requestedByName}`}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** An authority that this machine does not know may be the owner's own. */
function markOf({ outcome, findings }: ProbeView): MarkedVerdict {
  if (outcome !== 'ok' || findings.some((finding) => finding !== 'untrusted_issuer')) return 'flagged';
  return findings.length === 0 ? 'trusted' : 'unknown';
}

/** The published pin sets, newest first. */
export function VersionsCard({ versions }: Pick<OriginDetail, 'versions'>) {
  if (versions.length === 0) return null;
  return (
    <Card aria-label="Pin set versions">
      <CardHeader title="Pin set versions" />
      <ul className="border-t">
        {versions.map((version) => (
          <li key={version.version} className="grid gap-0.5 border-b px-4 py-1.5 last:border-b-0">
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-mono text-sm">v{version.version}</span>
              {version.pins.length === 0 ? 'no pins' : plural(version.pins.length, 'pin')}
              {version.reportOnly ? <Badge tone="flagged">report only</Badge> : null}
              {version.overridden.map((problem) => (
                <span key={problem} data-tooltip={PROBLEM_TEXT[problem]}>
                  <Badge tone="rejected">overridden</Badge>
                </span>
              ))}
            </p>
            <p className="text-sm text-faint">
              “{version.reason}”, {version.publishedByName}, <Time at={version.publishedAt} format="exact" />
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
