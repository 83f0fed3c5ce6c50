import Link from 'next/link';
import { Sparkline } from '@/components/charts/sparkline';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { type MarkedVerdict, VERDICT_STYLES } from '@/components/ui/verdict-mark';

export interface Figure {
  label: string;
  /** The number, formatted; "–" where it is not known. */
  value: string;
  /** The rows behind the number. */
  href: string;
  /** A change, or one more fact, under the number; coloured only where it is good or bad news. */
  note?: { text: string; tone?: MarkedVerdict };
  /** Its course; `null` is a gap. */
  course?: { values: readonly (number | null)[]; tone?: MarkedVerdict };
}

/** No empty cell stands at the end of the last row: of two columns, and of three. */
const LAST_FILLS_ITS_ROW = cx(
  'max-sm:last:nth-[odd]:col-span-2',
  'sm:max-xl:last:nth-[3n+1]:col-span-3 sm:max-xl:last:nth-[3n+2]:col-span-2',
);

/** The figures of a page, side by side; each leads to what it counts. */
export function FiguresStrip({ figures, label }: { figures: readonly Figure[]; label: string }) {
  return (
    <Card aria-label={label} className="overflow-hidden">
      <ul className="-mr-px -mb-px grid grid-cols-2 sm:grid-cols-3 xl:auto-cols-fr xl:grid-flow-col xl:grid-cols-none">
        {figures.map((figure) => (
          <li key={figure.label} className={cx('min-w-0 border-r border-b', LAST_FILLS_ITS_ROW)}>
            <Link
              prefetch={false}
              href={figure.href}
              className="grid h-full grid-cols-1 content-start gap-0.5 px-4 py-3 transition-colors hover:bg-raised/60 focus-visible:outline-offset-[-2px]"
            >
              <span className="flex min-h-6 items-start justify-between gap-3">
                <span className="max-w-full shrink-0 truncate text-sm text-dim">{figure.label}</span>
                {figure.course === undefined ? null : (
                  <Sparkline
                    values={figure.course.values}
                    tone={figure.course.tone ?? 'accent'}
                    className="min-w-0 shrink max-sm:w-12"
                  />
                )}
              </span>
              <span className="text-figure font-semibold">{figure.value}</span>
              <span
                className={cx(
                  'min-h-4 truncate text-sm',
                  figure.note?.tone === undefined ? 'text-faint' : VERDICT_STYLES[figure.note.tone].text,
                )}
              >
                {figure.note?.text}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
