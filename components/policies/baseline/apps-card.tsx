'use client';

import Link from 'next/link';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { plural } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { notify } from '@/components/ui/toast-queue';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { BaselineApps } from '@/lib/contracts';
import { policyHref } from '../policy-links';
import { useInheritBaseline } from './baseline-queries';
import { distanceOf } from './baseline-words';

const LINK = 'rounded-[4px] underline-offset-2 hover:underline';

export interface AppsCardProps extends BaselineApps {
  /** Whether the viewer may edit the policy of an app. */
  mayWrite: (appId: string) => boolean;
  /** Opens the editor of an app whose draft was brought up. */
  onBrought: (appId: string) => void;
}

/** How far each app is behind the baseline, and where it says something else. */
export function AppsCard({ newest, apps, mayWrite, onBrought }: AppsCardProps) {
  return (
    <Card aria-label="Apps" className="overflow-hidden">
      <CardHeader title="Apps" />
      {apps.length === 0 ? (
        <EmptyState title="No app is registered yet" />
      ) : (
        <Table className="border-t">
          <thead>
            <tr>
              <Th>App</Th>
              <Th>In force</Th>
              <Th>Baseline</Th>
              <Th numeric className="max-sm:hidden">
                Overrides
              </Th>
              <Th>
                <span className="sr-only">Acts</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {apps.map((app) => (
              <AppRow
                key={app.appId}
                app={app}
                newest={newest}
                mayWrite={mayWrite(app.appId)}
                onBrought={onBrought}
              />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

interface AppRowProps {
  app: BaselineApps['apps'][number];
  newest: number | null;
  mayWrite: boolean;
  onBrought: (appId: string) => void;
}

function AppRow({ app, newest, mayWrite, onBrought }: AppRowProps) {
  const inherit = useInheritBaseline();
  const { appId, appName, draft, overrides } = app;
  const { text, tone, isBehind } = distanceOf(app, newest);
  const bring = () =>
    inherit.mutate(
      { id: appId, revision: draft?.revision ?? 0 },
      {
        onSuccess: ({ revision }) =>
          notify({
            tone: 'done',
            title: `The draft of ${appName} is up to the baseline`,
            description: `Revision ${revision}: look at it, replay it, and publish it in stages.`,
            action: { label: 'Open', onAction: () => onBrought(appId) },
          }),
        onError: (error) =>
          notify({
            tone: 'failed',
            title: `The draft of ${appName} was not changed`,
            description: toApiError(error).message,
          }),
      },
    );
  return (
    <tr className="hover:bg-raised/60">
      <Td className="py-2">
        <Link href={policyHref(appId)} className={`${LINK} font-medium`}>
          {appName}
        </Link>
      </Td>
      <Td>
        v{app.version}
        {draft === null ? null : <span className="text-dim">, draft {draft.revision}</span>}
      </Td>
      <Td>
        <VerdictLabel verdict={tone}>{text}</VerdictLabel>
      </Td>
      <Td numeric className="max-sm:hidden">
        {newest === null ? (
          <span className="text-faint">–</span>
        ) : (
          <span data-tooltip={`${plural(overrides, 'place')} in which it says something else`}>
            {overrides}
          </span>
        )}
      </Td>
      <Td className="text-right">
        {mayWrite && isBehind ? (
          <Button size="sm" pending={inherit.isPending ? 'Bringing up…' : undefined} onClick={bring}>
            Bring draft up
          </Button>
        ) : null}
      </Td>
    </tr>
  );
}
