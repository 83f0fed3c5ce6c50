'use client';

import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { CopyButton } from '@/components/ui/copy-button';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { SigningKeyView } from '@/lib/contracts';
import { STATE_WORDS, shortKid, stateSince, verifiesText } from './key-words';

export interface SigningKeysTableProps {
  keys: readonly SigningKeyView[];
  /** What can be done about a key. */
  acts: (key: SigningKeyView) => ReactNode;
}

/** Every signing key: its state, since when, and what still depends on it. */
export function SigningKeysTable({ keys, acts }: SigningKeysTableProps) {
  return (
    <Table aria-label="Signing keys">
      <thead>
        <tr>
          <Th>Key</Th>
          <Th>State</Th>
          <Th>Since</Th>
          <Th>Made</Th>
          <Th>What it vouches for</Th>
          <Th className="relative">
            <span className="sr-only">Acts</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.kid}>
            <Td mono>
              <span className="flex items-center gap-1">
                <span data-tooltip={key.kid} className="whitespace-nowrap">
                  {shortKid(key.kid)}
                </span>
                <CopyButton value={key.kid} label="Copy key id" />
              </span>
            </Td>
            <Td>
              <Badge tone={STATE_WORDS[key.state].tone}>{STATE_WORDS[key.state].label}</Badge>
            </Td>
            <Td>
              <Time at={stateSince(key)} />
            </Td>
            <Td>
              <Time at={key.createdAt} />
            </Td>
            <Td className="min-w-72 py-1.5">
              {verifiesText(key)}
              {key.state === 'retiring' && key.retiresAt !== null ? (
                <>
                  {' '}
                  Its last token has expired by <Time at={key.retiresAt} format="exact" />.
                </>
              ) : null}
            </Td>
            <Td>
              <span className="flex justify-end gap-2">{acts(key)}</span>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
