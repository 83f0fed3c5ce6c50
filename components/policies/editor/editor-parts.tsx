'use client';

import type { ReactNode } from 'react';
import { useUrlText } from '@/components/query/url-state';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Tabs } from '@/components/ui/tabs';
import type { PolicyChange } from '@/lib/contracts';
import type { ThreatCatalogue } from './prepare-threats';
import type { RuleLanguage } from './rule-completion';
import { ThreatsPart } from './threats-part';

const part = (name: string) => ({
  placeholder: () => <SkeletonRows rows={8} label={`Loading the ${name}…`} />,
});
const RequirementsPart = deferred(() => import('./requirements-part'), part('requirements'));
const RulesPart = deferred(() => import('./rules-part'), part('rules'));
const TokensPart = deferred(() => import('./tokens-part'), part('outcomes'));

/** Which members of a policy each part shows. */
const MEMBERS = {
  threats: ['threats', 'conditions'],
  requirements: ['requirements'],
  rules: ['rules'],
  outcomes: ['outcomes', 'tokenTtlSeconds', 'annotations'],
} as const;
type PartName = keyof typeof MEMBERS;
const PARTS = Object.keys(MEMBERS) as PartName[];

export interface EditorPartsProps {
  catalogue: ThreatCatalogue;
  language: RuleLanguage;
  apiKeys: readonly string[];
  /** Against the version in force. */
  changes: readonly PolicyChange[];
}

/** The parts of the policy, of which one is shown: in the URL. Each says how much of it is changed. */
export function EditorParts({ catalogue, language, apiKeys, changes }: EditorPartsProps) {
  const [chosen, setChosen] = useUrlText('part');
  const tab = (value: PartName, label: string, content: ReactNode) => {
    const count = changes.filter(({ path }) =>
      (MEMBERS[value] as readonly string[]).includes(path.split('.')[0] ?? ''),
    ).length;
    return {
      ...{ value, label, content: <div className="grid gap-3 pt-3">{content}</div> },
      ...(count === 0 ? {} : { count }),
    };
  };
  return (
    <Tabs
      label="Parts of the policy"
      value={PARTS.find((known) => known === chosen) ?? 'threats'}
      onValueChange={setChosen}
      tabs={[
        tab('threats', 'Threats', <ThreatsPart catalogue={catalogue} />),
        tab('requirements', 'Requirements', <RequirementsPart />),
        tab('rules', 'Rules', <RulesPart language={language} />),
        tab('outcomes', 'Tokens and outcomes', <TokensPart catalogue={catalogue} apiKeys={apiKeys} />),
      ]}
    />
  );
}
