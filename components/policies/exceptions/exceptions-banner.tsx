'use client';

import Link from 'next/link';
import { cx } from '@/components/ui/cx';
import { useNowMs } from '@/components/ui/use-viewer';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { PolicyException } from '@/lib/contracts';
import { exceptionWords, lasting } from './exception-words';

/** As many as leave room for the page under them. */
const SHOWN = 3;

/** What departs from the policies, gravest first, while it lasts. Each leads to where it can be ended. */
export default function ExceptionsBanner({ exceptions }: { exceptions: readonly PolicyException[] }) {
  const nowMs = useNowMs();
  const all = lasting(exceptions, nowMs).map((exception) => exceptionWords(exception, nowMs));
  if (all.length === 0) return null;
  const isGrave = all.some(({ tone }) => tone === 'rejected');
  return (
    <section
      aria-label="Departures from policy"
      className={cx(
        'rounded-card border px-3 py-2',
        isGrave ? 'tint-rejected border-rejected/35' : 'tint-flagged border-flagged/35',
      )}
    >
      <ul className="grid gap-1">
        {all.slice(0, SHOWN).map(({ key, tone, subject, text, href, more }) => (
          <li key={key} className="flex items-baseline gap-2">
            <VerdictMark verdict={tone} className="translate-y-px" />
            <span className="min-w-0">
              <Link href={href} prefetch={false} className="rounded-[4px] underline-offset-2 hover:underline">
                <strong className="font-semibold">{subject}</strong> {text}
              </Link>{' '}
              {more === undefined ? null : (
                <Link href={more.href} prefetch={false} className="inline-block underline underline-offset-2">
                  {more.label}
                </Link>
              )}
            </span>
          </li>
        ))}
      </ul>
      {all.length > SHOWN ? (
        <Link
          href="/policies"
          prefetch={false}
          className="mt-1 ml-[17px] inline-block underline underline-offset-2"
        >
          and {all.length - SHOWN} more
        </Link>
      ) : null}
    </section>
  );
}
