'use client';

import type { ReactNode } from 'react';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { EndorsementsView } from '@/lib/contracts';
import { errorWords } from './endorsement-words';

type Team = EndorsementsView['teams'][number];

const MOST_DUE = 1_000;

const dueOf = ({ due }: Team) => `${formatCount(due)}${due >= MOST_DUE ? '+' : ''}`;

/** Which apps' receipts are renewed, with which key, and how that goes. */
export function TeamsCard({ teams, acts }: { teams: readonly Team[]; acts: (team: Team) => ReactNode }) {
  return (
    <Card aria-label="App Attest receipts">
      <CardHeader title="App Attest receipts" note="how many keys each device attested, by Apple" />
      {teams.length === 0 ? (
        <EmptyState title="No app has an Apple team">
          Receipts are renewed for apps that are registered with a team and a bundle id.
        </EmptyState>
      ) : (
        <>
          <Table aria-label="App Attest receipts" className="max-sm:hidden">
            <thead>
              <tr>
                <Th>App</Th>
                <Th>Team</Th>
                <Th>Key</Th>
                <Th numeric>Renewed</Th>
                <Th numeric>Refused</Th>
                <Th numeric>Due</Th>
                <Th>Last renewed</Th>
                <Th>State</Th>
                <Th className="relative">
                  <span className="sr-only">Acts</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {teams.map((team) => (
                <tr key={team.appId}>
                  <Td>{team.appName}</Td>
                  <Td mono>{team.teamId}</Td>
                  <Td mono>{team.keyId ?? 'none'}</Td>
                  <Td numeric>{formatCount(team.renewed)}</Td>
                  <Td numeric>{formatCount(team.refused)}</Td>
                  <Td numeric>{dueOf(team)}</Td>
                  <Td>{team.lastRenewedAt === null ? 'never' : <Time at={team.lastRenewedAt} />}</Td>
                  <Td>
                    <TeamState team={team} />
                  </Td>
                  <Td>
                    <span className="flex justify-end gap-2">{acts(team)}</span>
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
          <ul aria-label="App Attest receipts" className="border-t sm:hidden">
            {teams.map((team) => (
              <TeamItem key={team.appId} team={team} acts={acts(team)} />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

/** A team where a table would be wider than the screen. */
function TeamItem({ team, acts }: { team: Team; acts: ReactNode }) {
  return (
    <li className="grid gap-1 border-b px-4 py-2.5 last:border-b-0">
      <span className="flex flex-wrap items-center justify-between gap-2">
        {team.appName}
        <span className="font-mono text-sm">{team.teamId}</span>
      </span>
      <span className="text-dim">
        {team.keyId === null ? (
          'No key'
        ) : (
          <>
            Key <span className="font-mono text-sm">{team.keyId}</span>
          </>
        )}
        , <TeamState team={team} />
      </span>
      <span className="text-dim">
        {formatCount(team.renewed)} renewed, {formatCount(team.refused)} refused, {dueOf(team)} due; last
        renewed {team.lastRenewedAt === null ? 'never' : <Time at={team.lastRenewedAt} />}
      </span>
      <span className="flex flex-wrap gap-2">{acts}</span>
    </li>
  );
}

function TeamState({ team: { keyId, lastError, pausedUntil } }: { team: Team }) {
  if (keyId === null) return 'not renewed';
  if (lastError === null) return 'as it should be';
  return (
    <span className="text-flagged-text">
      {errorWords(lastError)}
      {pausedUntil === null ? null : (
        <>
          ; again <Time at={pausedUntil} />
        </>
      )}
    </span>
  );
}
