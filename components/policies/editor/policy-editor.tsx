'use client';

import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { useUrlText } from '@/components/query/url-state';
import { deferred } from '@/components/ui/deferred';
import { Notice } from '@/components/ui/notice';
import { RequestId } from '@/components/ui/request-id';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Tabs } from '@/components/ui/tabs';
import { notify } from '@/components/ui/toast-queue';
import type { PolicyEditor as EditorData, Policy, PolicyTemplate } from '@/lib/contracts';
import { downloadJson } from '../download-json';
import { policyHref } from '../policy-links';
import { ReplayCard } from '../replay/replay-card';
import type { ReplayState } from '../replay/replay-state';
import { ChangesCard } from './changes-card';
import { type EditContext, EditProvider } from './edit-context';
import { EditorBar } from './editor-bar';
import { EditorNotices } from './editor-notices';
import { useSaveDraft } from './editor-queries';
import { isSame, isSamePolicy } from './policy-parts';
import type { ThreatCatalogue } from './prepare-threats';
import type { RuleLanguage } from './rule-completion';
import { ThreatsPart } from './threats-part';
import { useCheck } from './use-check';
import { useEditorKeys } from './use-editor-keys';
import { usePolicyEditor } from './use-policy-editor';

const part = (name: string) => ({
  placeholder: () => <SkeletonRows rows={8} label={`Loading the ${name}…`} />,
});
const RequirementsPart = deferred(() => import('./requirements-part'), part('requirements'));
const RulesPart = deferred(() => import('./rules-part'), part('rules'));
const TokensPart = deferred(() => import('./tokens-part'), part('outcomes'));
const StartFromDialog = deferred(() => import('./start-from-dialog'));
const DiscardDialog = deferred(() => import('./discard-dialog'));
const MergeDialog = deferred(() => import('./merge-dialog'));
const PublishDialog = deferred(() => import('./publish-dialog'));

export interface PolicyEditorProps {
  appId: string;
  editor: EditorData;
  mayWrite: boolean;
  catalogue: ThreatCatalogue;
  language: RuleLanguage;
  templates: Readonly<Record<PolicyTemplate, Policy>>;
  /** Names of the app's API keys. */
  apiKeys: readonly string[];
}

const PARTS = ['threats', 'requirements', 'rules', 'outcomes'] as const;

/** Edits an app's policy: what is asked and answered at the left, what that changes and whom it meets at the right. */
export function PolicyEditor({
  appId,
  editor,
  mayWrite,
  catalogue,
  language,
  templates,
  apiKeys,
}: PolicyEditorProps) {
  const { editing, act, saved, isDirty, isOvertaken } = usePolicyEditor(appId, editor, mayWrite);
  const policy = editing.history.present;
  const { inForce, draft, inheritance } = editor;
  const { check, problems, error, isCurrent, refetch } = useCheck(appId, policy);
  const save = useSaveDraft(appId);
  const router = useRouter();
  const [tab, setTab] = useUrlText('part');
  const [dialog, setDialog] = useState<'start' | 'discard' | 'merge' | 'publish'>();
  const close = () => setDialog(undefined);
  const isValid = Object.keys(problems).length === 0;
  const isChanged = !isSamePolicy(policy, inForce.policy);
  const titles = useMemo(
    () => Object.fromEntries(catalogue.threats.map(({ id, title }) => [id, title])),
    [catalogue],
  );
  const undo = mayWrite && editing.history.past.length > 0 ? () => act({ kind: 'undo' }) : null;
  const redo = mayWrite && editing.history.future.length > 0 ? () => act({ kind: 'redo' }) : null;

  const saveDraft = (then?: () => void) => {
    const { basedOn, start } = editing;
    save.mutate(
      { id: appId, revision: start.revision, basedOn, policy },
      {
        onSuccess: (next) => {
          act({ kind: 'saved', start: { revision: next.revision, basedOn, policy } });
          notify({ tone: 'done', title: `Draft revision ${next.revision} is saved` });
          then?.();
        },
        onError: (failure) => {
          if (toApiError(failure).code === 'edit_conflict') setDialog('merge');
        },
      },
    );
  };
  useEditorKeys({
    undo,
    redo,
    save: isDirty && isValid && mayWrite && !isOvertaken ? () => saveDraft() : null,
  });

  const saveError = save.error === null ? null : toApiError(save.error);
  const saveProblems =
    saveError?.code === 'policy_rule_invalid' && !isCurrent ? {} : (saveError?.fields ?? {});
  const allProblems =
    isValid && saveError !== null && isSame(save.variables?.policy, policy) ? saveProblems : problems;
  const context: EditContext = {
    ...{ policy, inForce: inForce.policy, baseline: inheritance?.baseline.policy ?? null },
    ...{ problems: allProblems, isReadOnly: !mayWrite },
    set: (path, value, typing = false) => act({ kind: 'set', path, value, typing }),
    settle: () => act({ kind: 'settle' }),
  };
  const count = (member: string) => check?.changes.filter(({ path }) => isOfPart(path, member)).length ?? 0;
  const tabOf = (value: (typeof PARTS)[number], label: string, content: React.ReactNode) => ({
    ...{ value, label, content: <div className="grid gap-3 pt-3">{content}</div> },
    ...(count(value) === 0 ? {} : { count: count(value) }),
  });

  return (
    <EditProvider value={context}>
      {mayWrite ? (
        <EditorBar
          {...{ draft, isDirty, isValid, isChanged, undo, redo }}
          inForce={inForce.version}
          saving={save.isPending}
          onSave={() => (isOvertaken ? setDialog('merge') : saveDraft())}
          onDiscard={() => setDialog('discard')}
          onStartFrom={() => setDialog('start')}
          onExport={() => downloadJson(`${appId}-policy.json`, policy)}
          onPublish={() => {
            if (isOvertaken) setDialog('merge');
            else if (isDirty || draft === null) saveDraft(() => setDialog('publish'));
            else setDialog('publish');
          }}
        />
      ) : null}
      <EditorNotices
        {...{ appId, editor, mayWrite, isDirty, isOvertaken }}
        basedOn={editing.basedOn}
        onCompare={() => setDialog('merge')}
        onBase={() => act({ kind: 'base', version: inForce.version })}
      />
      {saveError === null || saveError.code === 'edit_conflict' ? null : (
        <Notice tone="rejected" lead="not saved">
          {saveError.message}
          {saveError.requestId === undefined ? null : <RequestId value={saveError.requestId} />}
        </Notice>
      )}
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_400px]">
        <Tabs
          label="Parts of the policy"
          value={PARTS.find((known) => known === tab) ?? 'threats'}
          onValueChange={setTab}
          tabs={[
            tabOf('threats', 'Threats', <ThreatsPart catalogue={catalogue} />),
            tabOf('requirements', 'Requirements', <RequirementsPart />),
            tabOf('rules', 'Rules', <RulesPart language={language} />),
            tabOf('outcomes', 'Tokens and outcomes', <TokensPart catalogue={catalogue} apiKeys={apiKeys} />),
          ]}
        />
        <aside aria-label="What it changes" className="grid gap-3 xl:sticky xl:top-14">
          <ChangesCard
            {...{ appId, policy, check, error }}
            problems={allProblems}
            inForce={inForce.version}
            hasBaseline={inheritance !== null}
            onRetry={refetch}
          />
          <ReplayCard {...{ appId, policy, isChanged, titles }} against={inForce.version}>
            {(state: ReplayState, isReplayed: boolean) =>
              dialog === 'publish' && draft !== null ? (
                <PublishDialog
                  {...{ appId, draft, inForce }}
                  needsApproval={editor.settings.needsApproval}
                  changes={isCurrent ? check?.changes : undefined}
                  report={isReplayed ? state.report : null}
                  onClose={close}
                  onStarted={({ seq }) => router.push(policyHref(appId, 'rollout', { change: seq }))}
                />
              ) : null
            }
          </ReplayCard>
        </aside>
      </div>
      {dialog === 'start' ? (
        <StartFromDialog
          {...{ appId, templates }}
          baseline={inheritance?.baseline ?? null}
          onClose={close}
          onTake={(next) => {
            act({ kind: 'replace', policy: next });
            close();
          }}
        />
      ) : null}
      {dialog === 'discard' ? (
        <DiscardDialog
          {...{ appId, draft, isDirty }}
          changes={check?.changes.length ?? 0}
          onClose={close}
          onRevert={() => {
            act({ kind: 'begin', start: saved });
            close();
          }}
          onDiscarded={() => {
            act({
              kind: 'begin',
              start: { revision: 0, basedOn: inForce.version, policy: inForce.policy },
            });
            close();
          }}
        />
      ) : null}
      {dialog === 'merge' ? (
        <MergeDialog
          {...{ appId, draft, saved }}
          base={editing.start.policy}
          mine={policy}
          onClose={close}
          onMerged={(merged) => {
            save.reset();
            act({ kind: 'rebase', start: saved, policy: merged });
            close();
          }}
        />
      ) : null}
    </EditProvider>
  );
}

/** Which part of the editor shows a change. */
function isOfPart(path: string, part: string): boolean {
  const member = path.split('.')[0] ?? '';
  if (part === 'threats') return member === 'threats' || member === 'conditions';
  return part === 'outcomes'
    ? ['outcomes', 'tokenTtlSeconds', 'annotations'].includes(member)
    : member === part;
}
