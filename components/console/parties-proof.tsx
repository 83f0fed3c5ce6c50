'use client';

import { Time } from '@/components/ui/time';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { PropagationView } from '@/lib/contracts';
import { partyText, summariseParties } from './propagation-summary';

/** The part of a proof that is about relying parties: by their own word, laggards first; nothing where there are none. */
export function PartiesProof({ view }: { view: PropagationView }) {
  const summary = summariseParties(view);
  const parties = view.relyingParties;
  if (summary === null || parties === null) return null;
  const unlisted = parties.due + parties.away - parties.listed.length;
  return (
    <section aria-label="Relying parties" className="mt-1.5 border-t px-4 pt-1.5">
      <div className="flex min-h-8 items-center gap-2.5">
        <VerdictMark verdict={summary.mark} />
        <h3 className="text-sm font-medium">{summary.title}</h3>
      </div>
      {parties.told ? (
        <ul>
          {parties.listed.map((party) => (
            <li key={`${party.partyId} ${party.replica}`} className="flex min-h-6 items-center gap-4">
              <span className="min-w-0 flex-1 truncate">
                {party.name}
                {party.replica === null ? null : (
                  <code className="pl-2 font-mono text-sm text-dim">{party.replica}</code>
                )}
              </span>
              <span className="text-right text-dim">
                {partyText(party)}
                {party.state === 'applied' ? null : party.lastSeenAt === null ? (
                  ', never seen'
                ) : (
                  <>
                    , seen <Time at={party.lastSeenAt} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {parties.told && unlisted > 0 ? <p className="text-sm text-dim">and {unlisted} more</p> : null}
    </section>
  );
}
