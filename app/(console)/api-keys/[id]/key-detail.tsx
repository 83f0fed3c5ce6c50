'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AdoptionChart } from '@/components/api-keys/adoption-chart';
import { KeyBadges } from '@/components/api-keys/key-badges';
import { FIGURES_EVERY_MS, keyQuery } from '@/components/api-keys/key-queries';
import { PresentersCard } from '@/components/api-keys/presenters-card';
import { VersionPipeline } from '@/components/api-keys/version-pipeline';
import { type VersionAct, VersionsCard } from '@/components/api-keys/versions-card';
import { ChangeProof } from '@/components/blocks/change-proof';
import { PageHeader } from '@/components/console/page-header';
import { useUrlText } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import { plural } from '@/components/ui/format';
import type { ApiKeyDetail } from '@/lib/contracts';
import { KeyNotices } from './key-notices';

const ActivateDialog = deferred(() => import('@/components/api-keys/activate-dialog'));
const EditDialog = deferred(() => import('@/components/api-keys/edit-dialog'));
const RequireDialog = deferred(() => import('@/components/api-keys/require-dialog'));
const RetireDialog = deferred(() => import('@/components/api-keys/retire-dialog'));
const RevokeDialog = deferred(() => import('@/components/api-keys/revoke-dialog'));
const RotateDialog = deferred(() => import('@/components/api-keys/rotate-dialog'));
const StageDialog = deferred(() => import('@/components/api-keys/stage-dialog'));

const BACK = { label: 'API keys', href: '/api-keys' };
const SEQ = /^[1-9]\d{0,14}$/;

export interface KeyDetailProps {
  /** The key as the server read it. */
  initial: ApiKeyDetail;
  appName: string;
  /** The APIs that accept the app's tokens. */
  apis: readonly { id: string; name: string }[];
  mayRotate: boolean;
  mayWrite: boolean;
}

/** What is being asked about. */
type Asked = { act: 'rotate' | 'stage' | 'require' | 'edit' } | { act: VersionAct; version: number } | null;

/** The page of one API key. Which change is proven is in the URL. */
export function KeyDetail({ initial, appName, apis, mayRotate, mayWrite }: KeyDetailProps) {
  const [change, setChange] = useUrlText('change');
  const [asked, setAsked] = useState<Asked>(null);
  const { data: key, refetch } = useQuery({
    ...keyQuery(initial.id),
    initialData: initial,
    refetchInterval: FIGURES_EVERY_MS,
  });
  const ask = (next: Asked) => {
    setAsked(next);
    // What an act hits is told before it by figures of now, and not of the last round.
    void refetch();
  };
  const done = (seq: number | null) => {
    setAsked(null);
    if (seq !== null) setChange(String(seq));
  };
  const hasStaged = key.versions.some(({ status }) => status === 'staged');
  const edit = mayWrite ? <Button onClick={() => ask({ act: 'edit' })}>Edit</Button> : null;
  return (
    <>
      <PageHeader
        back={BACK}
        title={
          <>
            {key.name}
            <span className="flex items-center gap-1.5">
              <KeyBadges apiKey={key} />
            </span>
          </>
        }
        description={`Of ${appName}. ${plural(key.devices, 'device')} hold${key.devices === 1 ? 's' : ''} it, ${
          key.devicesBehind === 0
            ? 'all of them the active version'
            : `${plural(key.devicesBehind, 'device')} not yet the active version`
        }.`}
        actions={
          !mayRotate ? undefined : hasStaged ? (
            <>
              <span className="self-center text-sm text-faint">
                A version is staged: activate or discard it first.
              </span>
              {edit}
            </>
          ) : (
            <>
              {edit}
              <Button onClick={() => ask({ act: 'stage' })}>Stage a version</Button>
              <Button variant="primary" onClick={() => ask({ act: 'rotate' })}>
                Rotate
              </Button>
            </>
          )
        }
      />
      {change === null || !SEQ.test(change) ? null : (
        <ChangeProof seq={Number(change)}>
          what was done last, as each node acknowledged it{' '}
          <Button variant="ghost" size="sm" onClick={() => setChange(null)}>
            Dismiss
          </Button>
        </ChangeProof>
      )}
      <KeyNotices apiKey={key} onRequire={mayWrite ? () => ask({ act: 'require' }) : undefined} />
      <VersionPipeline apiKey={key} />
      <AdoptionChart adoption={key.adoption} />
      <VersionsCard apiKey={key} mayRotate={mayRotate} onAct={(act, { version }) => ask({ act, version })} />
      <PresentersCard presenters={key.presenters} />
      <ActDialog asked={asked} apiKey={key} apis={apis} onClose={() => setAsked(null)} onDone={done} />
    </>
  );
}

interface OpenDialogProps {
  asked: Asked;
  apiKey: ApiKeyDetail;
  apis: KeyDetailProps['apis'];
  onClose: () => void;
  onDone: (seq: number | null) => void;
}

function ActDialog({ asked, apis, ...props }: OpenDialogProps) {
  if (asked === null) return null;
  if (asked.act === 'edit') return <EditDialog {...props} apis={apis} />;
  if (!('version' in asked)) {
    const Dialog = KEY_DIALOGS[asked.act];
    return <Dialog {...props} />;
  }
  // As it is now: the question stays open while figures come in.
  const version = props.apiKey.versions.find((one) => one.version === asked.version);
  if (version === undefined) return null;
  const Dialog = VERSION_DIALOGS[asked.act];
  return <Dialog {...props} version={version} />;
}

const KEY_DIALOGS = { rotate: RotateDialog, stage: StageDialog, require: RequireDialog } as const;
const VERSION_DIALOGS = { activate: ActivateDialog, retire: RetireDialog, revoke: RevokeDialog } as const;
