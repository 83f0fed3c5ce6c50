'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Card, CardHeader } from '@/components/ui/card';
import { formatDuration } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { AppView } from '@/lib/contracts';
import { appAttestationsHref } from './app-links';
import { policyVersionsQuery } from './app-queries';
import {
  attackHref,
  type PolicyRow,
  preparePolicy,
  prepareRequirements,
  RESPONSE_WORDS,
  type ThreatFacts,
} from './prepare-policy';

const LINK = 'rounded-[4px] underline-offset-2 hover:underline';

export interface PolicyCardsProps {
  app: AppView;
  threats: readonly ThreatFacts[];
}

/** The policy in force: who published it and why, what it requires, and what each threat leads to. */
export function PolicyCards({ app, threats }: PolicyCardsProps) {
  return (
    <div className="grid gap-3">
      <PublicationCard app={app} />
      <RequirementsCard app={app} />
      <ThreatsCard app={app} rows={preparePolicy(app.policy, threats)} />
    </div>
  );
}

/** The version in force. Its publication is one more question, which the rest of the page does not wait for. */
function PublicationCard({ app }: { app: AppView }) {
  const { data } = useQuery(policyVersionsQuery(app.id));
  const current = data?.versions.find((version) => version.current);
  return (
    <Card aria-label="Policy in force">
      <CardHeader title={`Policy version ${app.policyVersion}`} note="in force" />
      <p className="-mt-1 min-h-8 px-4 pb-3 text-dim">
        {current === undefined ? null : (
          <>
            Published by {current.publishedBy}, <Time at={current.publishedAt} />. “{current.reason}”
          </>
        )}
      </p>
    </Card>
  );
}

function RequirementsCard({ app }: { app: AppView }) {
  return (
    <Card aria-label="Requirements" className="overflow-hidden">
      <CardHeader
        title="Requirements"
        note={`tokens live ${formatDuration(app.policy.tokenTtlSeconds * 1_000)}`}
      />
      <dl className="grid gap-x-8 gap-y-2 px-4 pb-3.5 md:grid-cols-2 xl:grid-cols-3">
        {prepareRequirements(app.policy.requirements).map(({ label, value, raises }) => (
          <div key={`${label} ${value}`} className="grid grid-cols-[8.5rem_1fr] gap-x-4">
            <dt className="text-dim">{label}</dt>
            <dd>
              {value}
              {raises === null ? null : (
                <span className="block text-sm text-faint">
                  else raises <code className="font-mono">{raises}</code>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function ThreatsCard({ app, rows }: { app: AppView; rows: readonly PolicyRow[] }) {
  return (
    <Card aria-label="Threats and responses" className="overflow-hidden">
      <CardHeader title="Threats and responses" note={`${rows.length} threats, harshest first`} />
      <Table>
        <thead>
          <tr>
            <Th>Response</Th>
            <Th>Threat</Th>
            <Th className="max-xl:hidden">Id</Th>
            <Th className="max-md:hidden">Component</Th>
            <Th className="max-lg:hidden">ATT&CK</Th>
            <Th className="max-lg:hidden">MASWE</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="hover:bg-raised/60">
              <Td>
                <VerdictLabel verdict={RESPONSE_WORDS[row.response].mark}>{row.response}</VerdictLabel>
              </Td>
              <Td className="py-1">
                <Link href={appAttestationsHref(app.id, row.id)} className={LINK}>
                  {row.title}
                </Link>
              </Td>
              <Td mono className="text-dim max-xl:hidden">
                {row.id}
              </Td>
              <Td className="text-dim max-md:hidden">{row.component}</Td>
              <Td mono className="max-lg:hidden">
                <span className="flex flex-wrap gap-x-2">
                  {row.attack.map((technique) => (
                    <a
                      key={technique}
                      href={attackHref(technique)}
                      target="_blank"
                      rel="noreferrer"
                      className={`${LINK} text-dim`}
                    >
                      {technique}
                    </a>
                  ))}
                </span>
              </Td>
              <Td mono className="text-dim max-lg:hidden">
                {row.maswe.join(', ')}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
