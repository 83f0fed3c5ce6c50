import { VerdictMark } from '@/components/ui/verdict-mark';
import { SHADES } from './country-shape';
import { HANDFUL, type ShadeLevel } from './prepare-world-map';

const LEVELS: readonly ShadeLevel[] = [1, 2, 3, 4, 5];

/** What the shades of the map mean, and its marks. */
export function ShadeKey() {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-faint">
      <span className="flex items-center gap-1.5">
        fewer
        <svg aria-hidden viewBox="0 0 70 8" className="h-2 w-17.5">
          {LEVELS.map((level, index) => (
            <rect key={level} x={index * 14} width="13" height="8" rx="1.5" className={SHADES[level]} />
          ))}
        </svg>
        more
      </span>
      <span className="flex items-center gap-1.5">
        <VerdictMark verdict="rejected" size={8} />
        10 % or more of at least {HANDFUL} rejected
      </span>
    </p>
  );
}
