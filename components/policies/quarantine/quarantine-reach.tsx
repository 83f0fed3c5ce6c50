import { formatCount, plural } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import { VERDICT_ORDER, VerdictLabel } from '@/components/ui/verdict-mark';
import type { QuarantineReach as Reach } from '@/lib/contracts';

/** In a small window the number must not be left below what is in sight. */
const intoSight = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

/** What a quarantine would have met in the last hour: the number first, then what becomes of it. */
export function QuarantineReach({ reach }: { reach: Reach }) {
  const { attestations, found, decided, elsewhere, since } = reach;
  const changed = VERDICT_ORDER.filter((verdict) => verdict !== 'trusted' && (decided[verdict] ?? 0) > 0);
  return (
    <div ref={intoSight} role="status" className="grid gap-1.5 rounded-card border bg-raised px-3 py-2.5">
      <p className="flex items-baseline gap-3">
        <span className="text-figure font-semibold">{formatCount(found.attestations)}</span>
        <span className="text-dim">
          <span className="text-ink">
            {found.attestations === 1 ? 'attestation' : 'attestations'} of {plural(found.devices, 'device')}
          </span>{' '}
          carried the signal there, of {formatCount(attestations)} since <Time at={since} />.
        </span>
      </p>
      {changed.length === 0 ? (
        <p className="text-dim">
          {found.attestations === 0
            ? 'The quarantine would have changed nothing: check the signal and where it applies.'
            : 'It decided none of their verdicts: nothing would have changed for them.'}
        </p>
      ) : (
        <p className="flex flex-wrap items-baseline gap-x-3">
          {changed.map((verdict) => (
            <span key={verdict}>
              <VerdictLabel verdict={verdict}>
                {`${formatCount(decided[verdict] ?? 0)} ${verdict}`}
              </VerdictLabel>
            </span>
          ))}
          <span className="text-dim">because of it, who would be judged by everything else alone.</span>
        </p>
      )}
      {elsewhere === 0 ? null : (
        <p className="text-sm text-dim">
          {plural(elsewhere, 'attestation')} with the signal elsewhere {elsewhere === 1 ? 'is' : 'are'} judged
          as before.
        </p>
      )}
    </div>
  );
}
