'use client';

import { Select } from '@/components/ui/input';
import type { ComparisonControl } from './use-comparison';

const SIDES = [
  { side: 'a', label: 'First app version' },
  { side: 'b', label: 'Second app version' },
] as const;

/** Which two app versions are compared. A version that the URL names stays to be chosen, also where none attested. */
export function VersionPickers({ control }: { control: ComparisonControl }) {
  const { chosen, versions, chooseVersion } = control;
  if (chosen?.by !== 'appVersion') return null;
  return (
    <div className="flex items-center gap-2">
      {SIDES.map(({ side, label }, index) => {
        const value = chosen[side];
        const other = chosen[side === 'a' ? 'b' : 'a'];
        const choices = [...new Set([value, ...versions])].filter((version) => version !== other);
        return (
          <span key={side} className="flex items-center gap-2">
            {index === 0 ? null : <span className="text-sm text-faint">against</span>}
            <span className="w-28 font-mono text-sm">
              <Select
                aria-label={label}
                value={value}
                onChange={(event) => chooseVersion(side, event.target.value)}
              >
                {choices.map((version) => (
                  <option key={version} value={version}>
                    {version === '' ? 'unknown' : version}
                  </option>
                ))}
              </Select>
            </span>
          </span>
        );
      })}
    </div>
  );
}
