'use client';

import type { ReactNode } from 'react';
import { useUrlText } from '@/components/query/url-state';
import { Card, CardHeader, Facts } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { Notice } from '@/components/ui/notice';
import { Tabs } from '@/components/ui/tabs';
import type { AppView } from '@/lib/contracts';
import { CodeBlock } from './code-block';
import { kotlinSnippet, swiftSnippet } from './device-snippets';
import { curlSnippet, nginxSnippet, type SnippetValues } from './snippets';

export interface IntegrationGuideProps {
  app: AppView;
  /** Origin of the attestation service, as devices and gateways reach it. */
  serviceUrl: string;
  /** Leads to where an API is registered. */
  registerApi: ReactNode;
}

/** How to connect the app and its API, with the app's own values filled in. */
export default function IntegrationGuide({ app, serviceUrl, registerApi }: IntegrationGuideProps) {
  const [step, setStep] = useUrlText('step');
  const api = app.apis[0];
  const values: SnippetValues = {
    appId: app.id,
    appName: app.name,
    serviceUrl,
    apiId: api?.id ?? 'your-api',
  };
  const steps = [
    ...(app.appleBundleIds.length > 0 ? [iosStep(values)] : []),
    ...(app.androidPackages.length > 0 ? [androidStep(values)] : []),
    gatewayStep(values, api === undefined ? registerApi : null),
    tryStep(values),
  ];
  const shown = steps.some(({ value }) => value === step) ? step : steps[0]?.value;
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <Card aria-label="Integration guide" className="overflow-hidden">
        <Tabs label="Steps" value={shown ?? ''} onValueChange={setStep} tabs={steps} />
      </Card>
      <Values values={values} hasApi={api !== undefined} />
    </div>
  );
}

function Step({ children }: { children: ReactNode }) {
  return <div className="grid gap-3 p-4 [&>p]:max-w-2xl [&>p]:text-dim">{children}</div>;
}

function iosStep(values: SnippetValues) {
  return {
    value: 'ios',
    label: 'iOS app',
    content: (
      <Step>
        <p>
          Add this file and the App Attest capability. Call <Code>attest</Code> at the start and again at{' '}
          <Code>refreshAfter</Code>, and send the token as the header <Code>Attestation-Token</Code> with each
          request.
        </p>
        <CodeBlock label="Swift file" code={swiftSnippet(values)} />
      </Step>
    ),
  };
}

function androidStep(values: SnippetValues) {
  return {
    value: 'android',
    label: 'Android app',
    content: (
      <Step>
        <p>
          Add this file; it needs no library. Call <Code>attest</Code> at the start and again at{' '}
          <Code>refreshAfter</Code>, and send the token as the header <Code>Attestation-Token</Code> with each
          request.
        </p>
        <CodeBlock label="Kotlin file" code={kotlinSnippet(values)} />
      </Step>
    ),
  };
}

function gatewayStep(values: SnippetValues, registerApi: ReactNode) {
  return {
    value: 'gateway',
    label: 'Gateway',
    content: (
      <Step>
        {registerApi === null ? null : (
          <Notice tone="flagged" lead="No API is registered." actions={registerApi}>
            Until then <Code>{values.apiId}</Code> below stands for its id.
          </Notice>
        )}
        <p>
          nginx asks Countersign about each request before it reaches your API. Put your API’s address in
          place of <Code>127.0.0.1:8080</Code>. Whether requests are refused is the API’s mode here, not
          nginx’s.
        </p>
        <CodeBlock label="nginx configuration" code={nginxSnippet(values)} />
      </Step>
    ),
  };
}

function tryStep(values: SnippetValues) {
  return {
    value: 'try',
    label: 'Try it',
    content: (
      <Step>
        <p>From any shell that reaches the service. Each question shows up in the console at once.</p>
        <CodeBlock label="shell lines" code={curlSnippet(values)} />
      </Step>
    ),
  };
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-sm text-ink">{children}</code>;
}

/** What the code is filled in with, to be copied one by one. */
function Values({ values, hasApi }: { values: SnippetValues; hasApi: boolean }) {
  const { appId, serviceUrl, apiId } = values;
  const items = [
    { label: 'Service', value: serviceUrl },
    { label: 'App id', value: appId },
    { label: 'Audience', value: appId },
    { label: 'Issuer', value: serviceUrl },
    { label: 'Keys', value: `${serviceUrl}/v1/apps/${appId}/jwks.json` },
    ...(hasApi ? [{ label: 'API id', value: apiId }] : []),
  ];
  return (
    <Card aria-label="Values">
      <CardHeader title="This app’s values" />
      <div className="px-4 pb-3">
        <Facts
          items={items.map(({ label, value }) => ({
            label,
            value: <CopyableId value={value} label={`Copy: ${label}`} />,
          }))}
        />
      </div>
    </Card>
  );
}
