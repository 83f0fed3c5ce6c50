'use client';

import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { deferred } from '@/components/ui/deferred';
import { Notice } from '@/components/ui/notice';
import { RequestId } from '@/components/ui/request-id';
import type { PolicyEditor as EditorData } from '@/lib/contracts';
import { downloadJson } from '../download-json';
import { policyHref } from '../policy-links';
import { ReplayCard } from '../replay/replay-card';
import { ChangesCard } from './changes-card';
import { EditProvider } from './edit-context';
import { EditorBar } from './editor-bar';
import { EditorDialogs } from './editor-dialogs';
import { EditorNotices } from './editor-notices';
import { EditorParts } from './editor-parts';
import type { ThreatCatalogue } from './prepare-threats';
import type { RuleLanguage } from './rule-completion';
import type { PolicyTemplates } from './start-from-dialog';
import { type EditorSession, useEditorSession } from './use-editor-session';

const PublishDialog = deferred(() => import('./publish-dialog'));

export interface PolicyEditorProps {
  appId: string;
  editor: EditorData;
  mayWrite: boolean;
  catalogue: ThreatCatalogue;
  language: RuleLanguage;
  templates: PolicyTemplates;
  /** Names of the app's API keys. */
  apiKeys: readonly string[];
}

/** Edits an app's policy: what is asked and answered at the left, what that changes and whom it meets at the right. */
export function PolicyEditor({ appId, editor, mayWrite, templates, ...parts }: PolicyEditorProps) {
  const session = useEditorSession(appId, editor, mayWrite);
  const { act, isDirty, isOvertaken, setDialog, saveError } = session;
  const { inForce, draft } = editor;
  return (
    <EditProvider value={session.context}>
      {mayWrite ? (
        <EditorBar
          {...{ session, draft }}
          inForce={inForce.version}
          onExport={() => downloadJson(`${appId}-policy.json`, session.policy)}
        />
      ) : null}
      <EditorNotices
        {...{ appId, editor, mayWrite, isDirty, isOvertaken }}
        basedOn={session.editing.basedOn}
        onCompare={() => setDialog('merge')}
        onBase={() => act({ kind: 'base', version: inForce.version })}
      />
      {saveError === null ? null : (
        <Notice tone="rejected" lead="not saved">
          {saveError.message} <code className="font-mono text-sm">{saveError.code}</code>
        </Notice>
      )}
      {saveError?.requestId === undefined ? null : <RequestId value={saveError.requestId} />}
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_400px]">
        <EditorParts {...parts} changes={session.checked.check?.changes ?? []} />
        <Effects {...{ appId, editor, session }} catalogue={parts.catalogue} />
      </div>
      <EditorDialogs {...{ appId, editor, session, templates }} />
    </EditProvider>
  );
}

interface EffectsProps {
  appId: string;
  editor: EditorData;
  session: EditorSession;
  catalogue: ThreatCatalogue;
}

/** What the edits change, in words, and whom they would have met; with what publishes them, which shows both. */
function Effects({ appId, editor, session, catalogue }: EffectsProps) {
  const router = useRouter();
  const { policy, problems, checked, isChanged, dialog, setDialog } = session;
  const { inForce, draft, inheritance, settings } = editor;
  const titles = useMemo(
    () => Object.fromEntries(catalogue.threats.map(({ id, title }) => [id, title])),
    [catalogue],
  );
  return (
    <aside
      aria-label="What it changes"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself, and so must be reachable by the keyboard.
      tabIndex={0}
      className="grid gap-3 xl:sticky xl:top-28 xl:max-h-[calc(100dvh-8rem)] xl:overflow-y-auto"
    >
      <ChangesCard
        {...{ appId, policy, problems }}
        check={checked.check}
        error={checked.error}
        inForce={inForce.version}
        hasBaseline={inheritance !== null}
        onRetry={checked.refetch}
      />
      <ReplayCard {...{ appId, policy, isChanged, titles }} against={inForce.version}>
        {(state, isReplayed) =>
          dialog === 'publish' && draft !== null ? (
            <PublishDialog
              {...{ appId, draft, inForce }}
              needsApproval={settings.needsApproval}
              changes={checked.isCurrent ? checked.check?.changes : undefined}
              report={isReplayed ? state.report : null}
              onClose={() => setDialog(null)}
              onStarted={({ seq }) => router.push(policyHref(appId, 'rollout', { change: seq }))}
            />
          ) : null
        }
      </ReplayCard>
    </aside>
  );
}
