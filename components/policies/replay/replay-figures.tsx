'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { deferred } from '@/components/ui/deferred';
import { countryName } from '@/components/ui/domain-labels';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { VerdictLabel, VerdictMark } from '@/components/ui/verdict-mark';
import type { Policy, ReplayFacet, ReplayFigures, ReplayReport, ReplaySample } from '@/lib/contracts';
import { devicesText, isEstimated, prepareFacet } from './prepare-replay';
import { ReplayFacetList } from './replay-facet-list';

const ExplainBothDialog = deferred(() => import('./explain-both-dialog'));

export interface ReplayFiguresProps {
  appId: string;
  report: Extract<ReplayReport, { kind: 'progress' | 'done' }>;
  policy: Policy;
  titles: Readonly<Record<string, string>>;
}

/** Flips each way, devices, what flips into what with samples, and by what they are told apart. */
export function ReplayFiguresView({ appId, report, policy, titles }: ReplayFiguresProps) {
  const [opened, setOpened] = useState<ReplaySample>();
  const { figures } = report;
  const isNone = figures.flips.stricter + figures.flips.milder === 0;
  return (
    <>
      <FlipFigures figures={figures} />
      {figures.failedRules.map(({ rule, events }) => (
        <p key={rule} className="border-t px-4 py-2 text-flagged-text">
          <VerdictMark verdict="flagged" className="mr-2" />
          Rule <code className="font-mono text-sm">{rule}</code> could not be evaluated for{' '}
          {plural(events, 'attestation')}: they are flagged.
        </p>
      ))}
      {isNone ? (
        <p className="border-t px-4 py-3 text-dim">
          {figures.events === 0
            ? 'Nothing that can be judged anew was recorded in this span.'
            : 'No verdict flips.'}
        </p>
      ) : (
        <>
          <Transitions figures={figures} onOpen={setOpened} />
          <Facets appId={appId} report={report} titles={titles} />
        </>
      )}
      {opened === undefined ? null : (
        <ExplainBothDialog
          appId={appId}
          sample={opened}
          policy={policy}
          titles={titles}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

function FlipFigures({ figures }: { figures: ReplayFigures }) {
  const { flips, devices, events, allDevices } = figures;
  const share = (count: number) => (events === 0 ? null : count / events);
  const sides = [
    { label: 'stricter', verdict: 'rejected', flips: flips.stricter, devices: devices.stricter },
    { label: 'milder', verdict: 'trusted', flips: flips.milder, devices: devices.milder },
  ] as const;
  return (
    <div className="border-t">
      <dl className="grid grid-cols-2 divide-x">
        {sides.map((side) => (
          <div key={side.label} data-flips={side.label} className="px-4 py-2.5">
            <dt className="flex items-center gap-1.5 text-sm text-dim">
              <VerdictMark verdict={side.verdict} size={8} /> {side.label}
            </dt>
            <dd>
              <span className="font-semibold text-figure">{formatCount(side.flips)}</span>
              <span className="ml-2 text-sm text-dim">{formatPercent(share(side.flips))}</span>
              <span className="block text-sm text-dim">
                {devicesText(side.devices)} {side.devices === 1 ? 'device' : 'devices'}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="px-4 pb-2.5 text-sm text-faint">
        of {plural(events, 'attestation')} by {devicesText(allDevices)}{' '}
        {allDevices === 1 ? 'device' : 'devices'}
        {isEstimated(figures) ? '; numbers of devices above 16,384 are estimated, ± 2 %' : ''}
      </p>
    </div>
  );
}

function Transitions({
  figures,
  onOpen,
}: {
  figures: ReplayFigures;
  onOpen: (sample: ReplaySample) => void;
}) {
  const flips = figures.transitions.filter(({ from, to }) => from !== to);
  return (
    <div className="border-t px-4 py-2.5">
      <h3 className="pb-1 text-sm text-faint">What becomes of what, newest samples</h3>
      <ul className="grid grid-cols-1 gap-2">
        {flips.map(({ from, to, events, samples }) => (
          <li key={`${from}-${to}`}>
            <p className="flex items-center gap-2">
              <VerdictLabel verdict={from} />
              <span aria-hidden className="text-faint">
                →
              </span>
              <span className="sr-only">becomes</span>
              <VerdictLabel verdict={to} />
              <span className="ml-auto">{formatCount(events)}</span>
            </p>
            <ul>
              {samples.map((sample) => (
                <li key={sample.eventId}>
                  <Sample sample={sample} onOpen={onOpen} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Sample({ sample, onOpen }: { sample: ReplaySample; onOpen: (sample: ReplaySample) => void }) {
  return (
    <button
      type="button"
      onClick={() => onOpen(sample)}
      className="-mx-1.5 flex w-[calc(100%+12px)] min-w-0 min-h-6 items-baseline gap-x-2 rounded-[5px] px-1.5 py-0.5 text-left text-sm hover:bg-raised"
    >
      <span className="sr-only">Explain under both policies:</span>
      <code className="font-mono">{sample.reference}</code>
      <span className="min-w-0 flex-1 truncate text-dim">
        {sample.model} {sample.osVersion}, app {sample.appVersion}
      </span>
      <code className="max-w-40 truncate font-mono text-faint">{sample.toRule ?? sample.fromRule ?? ''}</code>
    </button>
  );
}

const FACETS: readonly { facet: ReplayFacet; label: string }[] = [
  { facet: 'threat', label: 'Threat' },
  { facet: 'appVersion', label: 'App version' },
  { facet: 'osVersion', label: 'OS' },
  { facet: 'country', label: 'Country' },
];

function Facets({ appId, report, titles }: Omit<ReplayFiguresProps, 'policy'>) {
  const [facet, setFacet] = useState<ReplayFacet>('threat');
  const labelOf = (value: string) => {
    if (facet === 'country') return countryName(value);
    return facet === 'threat' ? (titles[value] ?? value) : value;
  };
  return (
    <div className="border-t py-2.5">
      <fieldset className="flex flex-wrap gap-1 px-3 pb-1.5">
        <legend className="sr-only">Flips by</legend>
        {FACETS.map((one) => (
          <Button
            key={one.facet}
            size="sm"
            variant="ghost"
            aria-pressed={one.facet === facet}
            className={cx('h-6', one.facet === facet && 'bg-raised text-ink')}
            onClick={() => setFacet(one.facet)}
          >
            {one.label}
          </Button>
        ))}
      </fieldset>
      <ReplayFacetList rows={prepareFacet(appId, report, facet, labelOf)} />
    </div>
  );
}
