import { cx } from '@/components/ui/cx';
import { type MarkedVerdict, VERDICT_STYLES } from '@/components/ui/verdict-mark';
import { prepareSparkline, SPARK_HEIGHT, SPARK_WIDTH } from './prepare-sparkline';

export interface SparklineProps {
  /** Values at equal distances; `null` is a gap. */
  values: readonly (number | null)[];
  tone?: MarkedVerdict | 'accent';
  className?: string;
}

/** The course of a figure, without axes: decorative beside the figure itself. */
export function Sparkline({ values, tone = 'accent', className }: SparklineProps) {
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
      preserveAspectRatio="none"
      className={cx('h-6 w-24', className)}
    >
      <path
        d={prepareSparkline(values)}
        fill="none"
        strokeWidth={1.5}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
        className={tone === 'accent' ? 'stroke-accent' : VERDICT_STYLES[tone].stroke}
      />
    </svg>
  );
}
