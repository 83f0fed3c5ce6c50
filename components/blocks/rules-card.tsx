'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Badge, type BadgeTone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { formatCount, plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import type { BlockRuleView } from '@/lib/contracts';
import { type AppScope, covers, coversAny } from './block-rights';
import { type RuleAct, rulesQuery } from './rule-queries';
import { limitWords, ruleWords } from './rule-words';

const RuleDialog = deferred(() => import('./rule-dialog'));
const RuleActDialog = deferred(() => import('./rule-act-dialog'));
const LiftOfRuleDialog = deferred(() => import('./lift-of-rule-dialog'));

export interface RulesCardProps {
  apps: readonly { id: string; name: string }[];
  /** For which apps the viewer may make rules. */
  rights: AppScope;
  /** For which apps the viewer may lift what they made. */
  liftRights: AppScope;
  /** Called with the position of the last change of an act. */
  onMoved: (seq: number) => void;
  /** Has the list show what a rule decided. */
  onShow: (ruleId: string) => void;
  /** Threats whose refusals can count, with their titles. */
  threats: readonly { id: string; title: string }[];
}

type Open =
  | { dialog: 'edit'; rule: BlockRuleView | null }
  | { dialog: RuleAct | 'lift'; rule: BlockRuleView };

/** The rules that block by themselves: what each does, whether it runs, and why not. */
export function RulesCard({ apps, rights, liftRights, threats, onMoved, onShow }: RulesCardProps) {
  const query = useQuery(rulesQuery());
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const rules = query.data?.rules ?? [];
  const permitted = apps.filter(({ id }) => covers(rights, id));
  return (
    <Card id="rules" aria-label="Rules" className="scroll-mt-16 overflow-hidden">
      <CardHeader title="Rules" note="that block who is refused again and again">
        {coversAny(rights) ? (
          <Button size="sm" onClick={() => setOpen({ dialog: 'edit', rule: null })}>
            <Plus aria-hidden size={14} />
            New rule
          </Button>
        ) : null}
      </CardHeader>
      {query.isPending ? <SkeletonRows rows={2} label="Loading the rules…" /> : null}
      {query.isError && query.data === undefined ? (
        <ErrorState
          title="The rules could not be loaded"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {query.isSuccess && rules.length === 0 ? (
        <EmptyState title="No rule blocks by itself">
          A rule blocks a device that was refused so often within so long, and stops itself before it blocks
          too many.
        </EmptyState>
      ) : null}
      <ul>
        {rules.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            appName={apps.find(({ id }) => id === rule.appId)?.name ?? rule.appId}
            threatTitles={rule.threats.map((id) => threats.find((one) => one.id === id)?.title ?? id)}
            mayWrite={covers(rights, rule.appId)}
            mayLift={covers(liftRights, rule.appId)}
            onShow={() => onShow(rule.id)}
            onAct={(dialog) => setOpen({ dialog, rule })}
          />
        ))}
      </ul>
      {open?.dialog === 'edit' ? (
        <RuleDialog rule={open.rule} apps={permitted} threats={threats} onClose={close} />
      ) : null}
      {open?.dialog === 'lift' ? (
        <LiftOfRuleDialog
          rule={open.rule}
          mayPause={covers(rights, open.rule.appId)}
          onClose={close}
          onLifted={onMoved}
        />
      ) : null}
      {open !== undefined && open.dialog !== 'edit' && open.dialog !== 'lift' ? (
        <RuleActDialog rule={open.rule} act={open.dialog} onClose={close} />
      ) : null}
    </Card>
  );
}

const STATES: Readonly<Record<BlockRuleView['state'], { label: string; tone: BadgeTone }>> = {
  active: { label: 'active', tone: 'trusted' },
  paused: { label: 'paused', tone: 'unknown' },
  stopped: { label: 'stopped itself', tone: 'rejected' },
};

const DELETED: (typeof STATES)['active'] = { label: 'deleted', tone: 'unknown' };

interface RuleRowProps {
  rule: BlockRuleView;
  appName: string;
  threatTitles: readonly string[];
  mayWrite: boolean;
  mayLift: boolean;
  onAct: (act: Open['dialog']) => void;
  onShow: () => void;
}

function RuleRow({ rule, appName, threatTitles, mayWrite, mayLift, onAct, onShow }: RuleRowProps) {
  const { label, tone } = rule.deletedAt === null ? STATES[rule.state] : DELETED;
  const isHere = mayWrite && rule.deletedAt === null;
  return (
    <li className="grid gap-1.5 border-t px-4 py-2.5 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{rule.name}</span>
        <Badge tone={tone}>{label}</Badge>
        {rule.effect === 'simulate' ? <Badge tone="flagged">simulation</Badge> : null}
        <span className="text-dim text-sm">{appName}</span>
        <span className="flex flex-wrap gap-1 sm:ml-auto">
          {mayLift && rule.inForce > 0 ? (
            <Button size="sm" aria-label={`Lift all of ${rule.name}`} onClick={() => onAct('lift')}>
              Lift all {formatCount(rule.inForce)}
            </Button>
          ) : null}
          {isHere ? <RuleActs rule={rule} onAct={onAct} /> : null}
        </span>
      </div>
      <p>{ruleWords(rule)}.</p>
      <p className="text-dim text-sm">
        {threatTitles.length === 0 ? 'Any threat' : threatTitles.join(', ')} · {limitWords(rule)} ·{' '}
        {plural(rule.blocks24h, 'block')} in 24 h ·{' '}
        {rule.inForce === 0 ? (
          'none in force'
        ) : (
          <button type="button" onClick={onShow} className="underline underline-offset-2">
            {formatCount(rule.inForce)} in force
          </button>
        )}{' '}
        · {rule.reason}
      </p>
      {rule.stoppedWhy === null ? null : <Notice tone="rejected">{rule.stoppedWhy}</Notice>}
      {rule.evaluationError === null ? null : <Notice tone="flagged">{rule.evaluationError}</Notice>}
    </li>
  );
}

function RuleActs({ rule, onAct }: Pick<RuleRowProps, 'rule' | 'onAct'>) {
  return (
    <>
      <Button size="sm" variant="ghost" aria-label={`Edit ${rule.name}`} onClick={() => onAct('edit')}>
        Edit
      </Button>
      {rule.state === 'active' ? (
        <Button size="sm" variant="ghost" aria-label={`Pause ${rule.name}`} onClick={() => onAct('pause')}>
          Pause
        </Button>
      ) : (
        <Button size="sm" variant="ghost" aria-label={`Resume ${rule.name}`} onClick={() => onAct('resume')}>
          Resume
        </Button>
      )}
      <Button size="sm" variant="ghost" aria-label={`Delete ${rule.name}`} onClick={() => onAct('delete')}>
        Delete
      </Button>
    </>
  );
}
