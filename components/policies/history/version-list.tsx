'use client';

import { Card, CardHeader } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { PolicyVersionView, Rollout } from '@/lib/contracts';
import { rolloutWords, VERSION_STATES } from './version-words';

/** As many as the server gives. */
const MOST_VERSIONS = 100;
const MOST_ROLLOUTS = 50;

export interface VersionListProps {
  versions: readonly PolicyVersionView[];
  /** `undefined` until they are known. */
  rollouts: readonly Rollout[] | undefined;
  /** Version that is open beside the list. */
  opened: number;
  onOpen: (version: number) => void;
}

/** Every version with who published it, when, why, and how it came into force. */
export function VersionList({ versions, rollouts, opened, onOpen }: VersionListProps) {
  return (
    <Card aria-label="Versions" className="overflow-hidden">
      <CardHeader
        title="Versions"
        note={versions.length === MOST_VERSIONS ? `the newest ${MOST_VERSIONS}` : `${versions.length}`}
      />
      <ul>
        {versions.map((version) => (
          <li key={version.version}>
            <button
              type="button"
              aria-current={version.version === opened ? 'true' : undefined}
              onClick={() => onOpen(version.version)}
              className={cx(
                'grid w-full gap-0.5 border-t px-4 py-2.5 text-left focus-visible:-outline-offset-2',
                version.version === opened ? 'bg-raised' : 'hover:bg-raised/60',
              )}
            >
              <span className="flex flex-wrap items-baseline gap-x-3">
                <span className="font-medium">Version {version.version}</span>
                <VerdictLabel verdict={VERSION_STATES[version.state].mark}>
                  {VERSION_STATES[version.state].label}
                </VerdictLabel>
                <span className="ml-auto text-sm text-dim">
                  <Time at={version.publishedAt} />
                </span>
              </span>
              <span className="wrap-anywhere">“{version.reason}”</span>
              <span className="wrap-anywhere text-sm text-dim">
                By {version.publishedBy}
                {version.approvedBy === null ? '' : `, approved by ${version.approvedBy}`}
                {version.baselineVersion === null ? '' : `, inherits baseline ${version.baselineVersion}`}.{' '}
                {rollouts === undefined ? '' : cameBy(version.version, rollouts)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** How a version came into force. Of one that is older than the rollouts which are known, nothing is said. */
function cameBy(version: number, rollouts: readonly Rollout[]): string {
  const rollout = rollouts.find((one) => one.version === version);
  const oldest = rollouts.at(-1)?.version ?? 0;
  const isKnown = rollout !== undefined || rollouts.length < MOST_ROLLOUTS || version > oldest;
  return isKnown ? rolloutWords(rollout) : '';
}
