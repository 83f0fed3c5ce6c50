'use client';

import type { ReactNode } from 'react';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import { markOf } from '../response-words';
import { useEdit } from './edit-context';
import { responseTo } from './policy-parts';

/** Which threats are raised where it is missed, with the responses to them. */
export function Raises({ threats, children }: { threats: readonly string[]; children?: ReactNode }) {
  const { policy } = useEdit();
  return (
    <>
      {children} Else raises{' '}
      {threats.map((threat, index) => (
        <span key={threat}>
          {index === 0 ? '' : ', '}
          <code className="font-mono">{threat}</code>{' '}
          <span className="whitespace-nowrap">
            (
            <VerdictLabel verdict={markOf(responseTo(policy, threat))} size={7}>
              {responseTo(policy, threat)}
            </VerdictLabel>
            )
          </span>
        </span>
      ))}
      .
    </>
  );
}
