'use client';

import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { formatDuration } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { ChainCertificate, OriginView } from '@/lib/contracts';
import { commonName, FINDING_TEXT, OUTCOME_TEXT } from './certificate-words';

/** The chain that the server presented last, each certificate with its key, and what is wrong with it. */
export function ChainCard({ origin }: { origin: OriginView }) {
  const { probe, lastChain, pinSet } = origin;
  const pinned = new Set(pinSet?.pins.map(({ spkiSha256 }) => spkiSha256));
  return (
    <Card aria-label="Presented chain">
      <CardHeader
        title="Presented chain"
        note={
          lastChain === null ? undefined : (
            <>
              read <Time at={lastChain.probedAt} /> at {lastChain.address} in{' '}
              {formatDuration(lastChain.durationMs)}, {lastChain.protocol}
            </>
          )
        }
      />
      <div className="grid gap-3 px-4 pb-4">
        {probe !== null && probe.outcome !== 'ok' ? (
          <Notice tone="flagged" lead="not reached">
            {OUTCOME_TEXT[probe.outcome]} Last tried <Time at={probe.probedAt} />.
          </Notice>
        ) : null}
        {(lastChain?.findings ?? []).map((finding) => (
          <Notice key={finding} tone={finding === 'untrusted_issuer' ? 'unknown' : 'flagged'}>
            {FINDING_TEXT[finding]}
          </Notice>
        ))}
        {lastChain === null ? (
          <p className="text-dim">
            {probe === null ? 'The first probe is under way.' : 'No chain was read yet.'}
          </p>
        ) : (
          <ol className="grid gap-3">
            {lastChain.chain.map((certificate, index) => (
              <CertificateEntry
                key={certificate.fingerprint}
                certificate={certificate}
                role={roleOf(index, lastChain.chain.length)}
                isPinned={pinned.has(certificate.spkiSha256)}
              />
            ))}
          </ol>
        )}
      </div>
    </Card>
  );
}

function roleOf(index: number, count: number): string {
  if (index === 0) return 'server';
  return index === count - 1 ? 'last issuer' : 'issuer';
}

function CertificateEntry({
  certificate,
  role,
  isPinned,
}: {
  certificate: ChainCertificate;
  role: string;
  isPinned: boolean;
}) {
  return (
    <li className="grid gap-0.5 border-l-2 pl-3">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium" data-tooltip={certificate.subject}>
          {commonName(certificate.subject)}
        </span>
        <Badge>{role}</Badge>
        {isPinned ? <Badge tone="trusted">pinned</Badge> : null}
      </p>
      <p className="text-sm text-dim">
        issued by {commonName(certificate.issuer)}, valid until{' '}
        <Time at={certificate.notAfter} format="exact" />
      </p>
      <CopyableId value={certificate.spkiSha256} label="Copy the pin" />
    </li>
  );
}
