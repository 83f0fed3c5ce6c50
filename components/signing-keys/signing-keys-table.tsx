'use client';

import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { CopyButton } from '@/components/ui/copy-button';
import { cx } from '@/components/ui/cx';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { SigningKeyView } from '@/lib/contracts';
import { STATE_WORDS, shortKid, stateSince, verifiesText } from './key-words';

export interface SigningKeysTableProps {
  keys: readonly SigningKeyView[];
  /** What can be done about a key. */
  acts: (key: SigningKeyView) => ReactNode;
}

/** A cell of a row that is a block of its own on a telephone, where the table would hide its acts at the side. */
const CELL = 'max-sm:h-auto max-sm:border-b-0 max-sm:px-4';

/** Every signing key: its state, since when, and what still depends on it. */
export function SigningKeysTable({ keys, acts }: SigningKeysTableProps) {
  return (
    <Table aria-label="Signing keys" className="max-sm:block">
      <thead className="max-sm:sr-only">
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
      <tbody className="max-sm:block">
        {keys.map((key) => (
          <tr
            key={key.kid}
            className="max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:items-center max-sm:gap-y-1.5 max-sm:border-b max-sm:py-3 max-sm:last:border-b-0"
          >
            <Td mono className={CELL}>
              <span className="flex items-center gap-1">
                <span data-tooltip={key.kid} className="whitespace-nowrap">
                  {shortKid(key.kid)}
                </span>
                <CopyButton value={key.kid} label="Copy key id" />
              </span>
            </Td>
            <Td className={cx(CELL, 'max-sm:justify-self-end')}>
              <Badge tone={STATE_WORDS[key.state].tone}>{STATE_WORDS[key.state].label}</Badge>
            </Td>
            <Td className={cx(CELL, 'max-sm:order-2 max-sm:text-dim')}>
              <Time at={stateSince(key)} />
            </Td>
            <Td className="max-sm:hidden">
              <Time at={key.createdAt} />
            </Td>
            <Td className={cx(CELL, 'py-1.5 max-sm:order-1 max-sm:col-span-2 max-sm:py-0 sm:min-w-72')}>
              {verifiesText(key)}
              {key.state === 'retiring' && key.retiresAt !== null ? (
                <>
                  {' '}
                  Its last token has expired by <Time at={key.retiresAt} format="exact" />.
                </>
              ) : null}
            </Td>
            <Td className={cx(CELL, 'max-sm:order-3')}>
              <span className="flex justify-end gap-2">{acts(key)}</span>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
