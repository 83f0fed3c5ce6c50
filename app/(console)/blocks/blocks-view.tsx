'use client';

import { Download, Plus, Upload, Workflow } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { BatchNotices, LastProof } from '@/components/blocks/batch-notices';
import { BlockFilters } from '@/components/blocks/block-filters';
import { BlockList } from '@/components/blocks/block-list';
import { coversAny, type DecisionRights } from '@/components/blocks/block-rights';
import { effectsFor } from '@/components/blocks/decision-draft';
import { exportPath } from '@/components/blocks/decision-queries';
import { IncidentNotice } from '@/components/blocks/incident-notice';
import { RuleNotice, StoppedRules } from '@/components/blocks/rule-notice';
import { RulesCard } from '@/components/blocks/rules-card';
import { useBlockFilter } from '@/components/blocks/use-block-filter';
import { PageHeader } from '@/components/console/page-header';
import { SearchField } from '@/components/data-table/search-field';
import { Button, buttonClass } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { ListedBlock } from '@/lib/contracts';

const DecisionDialog = deferred(() => import('@/components/blocks/decision-dialog'));
const EndDialog = deferred(() => import('@/components/blocks/end-dialog'));
const ImportDialog = deferred(() => import('@/components/blocks/import-dialog'));

export interface BlocksViewProps {
  apps: readonly { id: string; name: string }[];
  rights: DecisionRights;
  /** Threats whose refusals a rule may count. */
  threats: readonly { id: string; title: string }[];
}

/** The list of decisions, what can be decided, and the proof of what was decided last. */
export function BlocksView({ apps, rights, threats }: BlocksViewProps) {
  const control = useBlockFilter();
  const { filter } = control;
  const [dialog, setDialog] = useState<'decide' | 'import'>();
  const [ending, setEnding] = useState<ListedBlock>();
  const [seq, setSeq] = useState<number>();
  return (
    <>
      <PageHeader
        title="Blocks"
        description="What is refused by decision, what a block would refuse, and what is let past blocks."
        actions={
          <>
            <SearchField
              label="Search blocks"
              placeholder="Target, reason or incident"
              value={filter.q}
              onChange={control.setQ}
              className="min-w-44 flex-1 sm:w-72"
            />
            {effectsFor(rights).length === 0 ? null : (
              <Button variant="primary" onClick={() => setDialog('decide')}>
                <Plus aria-hidden size={14} />
                Decide
              </Button>
            )}
          </>
        }
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <BlockFilters control={control} />
        <div className="flex gap-1">
          <a href="#rules" className={buttonClass('ghost', 'sm')}>
            <Workflow aria-hidden size={14} />
            Rules
          </a>
          {coversAny(rights.wide) ? (
            <Button variant="ghost" size="sm" onClick={() => setDialog('import')}>
              <Upload aria-hidden size={14} />
              Import
            </Button>
          ) : null}
          <a href={exportPath(filter)} download className={buttonClass('ghost', 'sm')}>
            <Download aria-hidden size={14} />
            CSV
          </a>
        </div>
      </div>
      <StoppedRules />
      <LastProof seq={seq} batchId={filter.batch} />
      <BatchNotices shown={filter.batch} onMoved={setSeq} />
      {filter.rule === null ? null : (
        <RuleNotice ruleId={filter.rule} onShowAll={() => control.setRule(null)} />
      )}
      {filter.incident === null ? null : (
        <IncidentNotice incident={filter.incident} onShowAll={() => control.setIncident(null)} />
      )}
      <BlockList
        filter={filter}
        rights={rights}
        link={(block, text) =>
          block.scope === 'instance' ? (
            <Link href={`/devices/${block.target}`} className="underline underline-offset-2">
              {text}
            </Link>
          ) : (
            text
          )
        }
        onLift={setEnding}
        onClear={control.clear}
      />
      <RulesCard
        apps={apps}
        rights={rights.wide}
        liftRights={rights.lift}
        threats={threats}
        onMoved={(changeSeq) => {
          setSeq(changeSeq);
          // The rules are far below the proof.
          window.scrollTo({ top: 0 });
        }}
        onShow={(ruleId) => {
          control.setRule(ruleId);
          window.scrollTo({ top: 0 });
        }}
      />
      {dialog === 'decide' ? (
        <DecisionDialog apps={apps} rights={rights} onClose={() => setDialog(undefined)} onDecided={setSeq} />
      ) : null}
      {dialog === 'import' ? (
        <ImportDialog
          onClose={() => setDialog(undefined)}
          onImported={(made) => {
            setDialog(undefined);
            setSeq(made.seq);
            control.setBatch(made.batchId);
          }}
        />
      ) : null}
      {ending === undefined ? null : (
        <EndDialog block={ending} onClose={() => setEnding(undefined)} onEnded={setSeq} />
      )}
    </>
  );
}
