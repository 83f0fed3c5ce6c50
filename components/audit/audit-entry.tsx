'use client';

import { ChevronDown } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { Button, buttonClass } from '@/components/ui/button';
import { Facts } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { Td } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { AuditRow } from '@/lib/contracts';
import { actionWords, auditDetail, auditTarget } from './audit-words';

export interface AuditEntryProps {
  row: AuditRow;
  open: boolean;
  onToggle: () => void;
  /** Shows everything that was done to the same target. */
  onTarget: () => void;
}

/**
 * One act, and under it, on demand, everything that was recorded of it. On narrow screens some columns are
 * empty and have no width, so that the details still span all of them.
 */
export function AuditEntry({ row, open, onToggle, onTarget }: AuditEntryProps) {
  const detailId = `audit-${row.id}`;
  return (
    <>
      <tr className={open ? 'tint-accent' : 'hover:bg-raised/60'}>
        <Td className="truncate">
          <span className="sm:hidden">
            <Time at={row.at} className="text-dim" />
          </span>
          <span className="max-sm:hidden">
            <Time at={row.at} format="exact" className="text-dim" />
          </span>
        </Td>
        <Td className="truncate max-sm:px-0">
          <span className="max-sm:hidden">
            <Actor row={row} />
          </span>
        </Td>
        <Td className="truncate">
          {actionWords(row.action)}
          <span className="text-dim sm:hidden"> by {row.actorName}</span>
        </Td>
        <Td className="truncate max-lg:px-0">
          <span className="max-lg:hidden">
            <Target row={row} />
          </span>
        </Td>
        <Td className="truncate text-dim max-lg:px-0">
          <span className="max-lg:hidden">{row.reason}</span>
        </Td>
        <Td className="text-right">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={open ? detailId : undefined}
            aria-label={`Details of: ${row.actorName} ${actionWords(row.action)}`}
            onClick={onToggle}
            className={cx(buttonClass('ghost', 'sm'), 'px-1')}
          >
            <ChevronDown aria-hidden size={14} className={cx('transition-transform', open && 'rotate-180')} />
          </button>
        </Td>
      </tr>
      {open ? (
        <tr id={detailId}>
          <td colSpan={6} className="border-b bg-raised/40 px-4 py-3">
            <Detail row={row} onTarget={onTarget} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Actor({ row }: { row: AuditRow }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="truncate">{row.actorName}</span>
      {row.actorKind === 'system' ? <Badge>system</Badge> : null}
    </span>
  );
}

function Target({ row }: { row: AuditRow }) {
  const target = auditTarget(row);
  const name = <code className="font-mono text-sm">{target.text}</code>;
  return (
    <>
      <span className="text-dim">{target.kind} </span>
      {target.href === null ? (
        name
      ) : (
        <Link href={target.href} className="rounded-[4px] underline-offset-2 hover:underline">
          {name}
        </Link>
      )}
    </>
  );
}

function Detail({ row, onTarget }: { row: AuditRow; onTarget: () => void }) {
  return (
    <div className="grid gap-2">
      {row.reason === null ? null : <p>“{row.reason}”</p>}
      <div className="lg:hidden">
        <Facts
          items={[
            { label: 'When', value: <Time at={row.at} format="exact" /> },
            { label: 'Who', value: <Actor row={row} /> },
            { label: 'Target', value: <Target row={row} /> },
          ]}
        />
      </div>
      <Facts items={auditDetail(row).map(({ label, text }) => ({ label, value: text, mono: true }))} />
      <div>
        <Button size="sm" onClick={onTarget}>
          Show all that was done to this {auditTarget(row).kind}
        </Button>
      </div>
    </div>
  );
}
