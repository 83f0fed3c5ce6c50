'use client';

import { useQuery } from '@tanstack/react-query';
import { ApisCard } from '@/components/apps/apis-card';
import { ReferenceValues, RegisteredVersions, RegistryFacts } from '@/components/apps/app-identity';
import { appAttestationsHref, appDevicesHref, appHref } from '@/components/apps/app-links';
import { appQuery, COUNTS_EVERY_MS } from '@/components/apps/app-queries';
import { EnvironmentBadge } from '@/components/apps/environment-badge';
import { PolicyCards } from '@/components/apps/policy-cards';
import type { ThreatFacts } from '@/components/apps/prepare-policy';
import type { AppScope } from '@/components/blocks/block-rights';
import { FiguresStrip } from '@/components/console/figures-strip';
import { PageHeader } from '@/components/console/page-header';
import { useUrlText } from '@/components/query/url-state';
import { ButtonLink } from '@/components/ui/button-link';
import { deferred } from '@/components/ui/deferred';
import { formatCount } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Tabs } from '@/components/ui/tabs';
import type { AppView } from '@/lib/contracts';
import { AppTokens } from './app-tokens';
import { RegistrationProof } from './registration-proof';

/** Loaded with its tab: the code that it holds is long. */
const IntegrationGuide = deferred(() => import('@/components/apps/integration-guide'), {
  placeholder: () => <SkeletonRows rows={8} label="Loading the guide…" />,
});

/** Likewise: few come to edit it. */
const RetentionSection = deferred(() => import('@/components/apps/retention-section'), {
  placeholder: () => <SkeletonRows rows={5} label="Loading the retention…" />,
});

/** Likewise. */
const EvidenceSection = deferred(() => import('@/components/apps/evidence-section'), {
  placeholder: () => <SkeletonRows rows={8} label="Loading the evidence settings…" />,
});

const BACK = { label: 'Apps', href: '/apps' };
const TAB_NAMES = ['identity', 'policy', 'apis', 'tokens', 'evidence', 'integrate', 'retention'] as const;

export interface AppDetailProps {
  /** The app as the server read it. */
  initial: AppView;
  threats: readonly ThreatFacts[];
  serviceUrl: string;
  otherApps: readonly { id: string; name: string }[];
  /** Whether the viewer may change this app and register what belongs to it. */
  mayWrite: boolean;
  /** For which apps the viewer may cut tokens off. */
  mayCutOff: AppScope;
}

/** The page of one app. Which part is shown, and which change is proven, is in the URL. */
export function AppDetail({ initial, ...props }: AppDetailProps) {
  const { data: app } = useQuery({
    ...appQuery(initial.id),
    initialData: initial,
    refetchInterval: COUNTS_EVERY_MS,
  });
  return (
    <>
      <PageHeader
        back={BACK}
        title={
          <>
            {app.name}
            <EnvironmentBadge environment={app.environment} />
          </>
        }
        description={<code className="font-mono text-sm">{app.id}</code>}
      />
      {app.environment === 'development' ? (
        <Notice tone="flagged" lead="development app">
          Its evidence may be made by a simulator or in a vendor’s test environment, and proves nothing about
          a real device. Do not let it near production APIs.
        </Notice>
      ) : null}
      <AppFigures app={app} />
      <AppParts app={app} {...props} />
    </>
  );
}

function AppFigures({ app }: { app: AppView }) {
  return (
    <FiguresStrip
      label="Key figures"
      figures={[
        {
          label: 'Attestations, 24 h',
          value: formatCount(app.attestations24h),
          href: appAttestationsHref(app.id),
        },
        { label: 'Devices, 24 h', value: formatCount(app.devices24h), href: appDevicesHref(app.id) },
        { label: 'Policy', value: `v${app.policyVersion}`, href: appHref(app.id, { tab: 'policy' }) },
        {
          label: 'Protected APIs',
          value: formatCount(app.apis.length),
          href: appHref(app.id, { tab: 'apis' }),
          note: { text: modesText(app) },
        },
      ]}
    />
  );
}

function modesText({ apis }: AppView): string {
  if (apis.length === 0) return 'none yet';
  const enforcing = apis.filter(({ mode }) => mode === 'enforce').length;
  return `${formatCount(enforcing)} enforcing, ${formatCount(apis.length - enforcing)} observing`;
}

function AppParts({
  app,
  threats,
  serviceUrl,
  otherApps,
  mayWrite,
  mayCutOff,
}: Omit<AppDetailProps, 'initial'> & { app: AppView }) {
  const [tab, setTab] = useUrlText('tab', 'push');
  const [change, setChange] = useUrlText('change');
  const shown = TAB_NAMES.find((name) => name === tab) ?? 'identity';
  const parts = [
    {
      value: 'identity',
      label: 'Identity',
      content: <Identity app={app} />,
    },
    { value: 'policy', label: 'Policy', content: <PolicyCards app={app} threats={threats} /> },
    {
      value: 'apis',
      label: 'Protected APIs',
      count: app.apis.length,
      content: (
        <ApisCard
          app={app}
          otherApps={otherApps}
          mayRegister={mayWrite}
          onRegistered={(api) => setChange(String(api.seq))}
        />
      ),
    },
    { value: 'tokens', label: 'Tokens', content: <AppTokens app={app} mayCutOff={mayCutOff} /> },
    {
      value: 'evidence',
      label: 'Evidence',
      content: (
        <EvidenceSection
          app={app}
          mayWrite={mayWrite}
          onSaved={(seq) => {
            if (seq !== null) setChange(String(seq));
          }}
        />
      ),
    },
    {
      value: 'integrate',
      label: 'Integrate',
      content: (
        <IntegrationGuide
          app={app}
          serviceUrl={serviceUrl}
          registerApi={
            <ButtonLink size="sm" href={appHref(app.id, { tab: 'apis' })}>
              Protected APIs
            </ButtonLink>
          }
        />
      ),
    },
    {
      value: 'retention',
      label: 'Retention',
      content: <RetentionSection app={app} mayWrite={mayWrite} />,
    },
  ];
  return (
    <>
      <RegistrationProof seq={change} onDismiss={() => setChange(null)} />
      <Tabs
        label="Parts of the app"
        value={shown}
        onValueChange={setTab}
        tabs={parts.map((part) => ({ ...part, content: <div className="pt-3">{part.content}</div> }))}
      />
    </>
  );
}

function Identity({ app }: { app: AppView }) {
  return (
    <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <div className="grid gap-3">
        <ReferenceValues app={app} />
        <RegistryFacts app={app} />
      </div>
      <RegisteredVersions app={app} />
    </div>
  );
}
