'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { platformLabel } from '@/components/ui/domain-labels';
import { Checkbox, Input, Textarea } from '@/components/ui/input';
import type { Platform, PolicyRequirements, VersionRange } from '@/lib/contracts';
import { usePart } from './edit-context';
import { type PartControl, PartRow } from './part-field';

type MinimumOs = NonNullable<PolicyRequirements['minOsVersion']>;
type AppVersions = NonNullable<NonNullable<PolicyRequirements['appVersions']>[Platform]>;

/** An object without the members that are `undefined`; `undefined` where none is left. */
function stated<Value extends object>(value: Value): Value | undefined {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Value);
}

/** The oldest OS of each platform; one that is left empty is not asked for. */
export function MinimumOsRow({ hint }: { hint: ReactNode }) {
  const path = 'requirements.minOsVersion';
  const { value, set, settle } = usePart(path);
  const known = (value ?? {}) as MinimumOs;
  const type = (platform: Platform, text: string) =>
    set(stated({ ...known, [platform]: text.trim() === '' ? undefined : text.trim() }), true);
  return (
    <PartRow path={path} label="Oldest OS" hint={hint}>
      {(control) => (
        <span className="grid grid-cols-[auto_1fr_auto_1fr] items-center gap-2">
          {(['ios', 'android'] as const).map((platform) => (
            <span key={platform} className="contents">
              <span className="text-sm text-dim">{platformLabel(platform)}</span>
              <Input
                {...control}
                {...(platform === 'ios' ? {} : { id: `${control.id}-android` })}
                aria-label={`Oldest ${platformLabel(platform)}`}
                mono
                placeholder="any"
                value={known[platform] ?? ''}
                onChange={(event) => type(platform, event.target.value)}
                onBlur={settle}
              />
            </span>
          ))}
        </span>
      )}
    </PartRow>
  );
}

/** Which versions of the app may be used on one platform. */
export function AppVersionsRow({ platform, hint }: { platform: Platform; hint: ReactNode }) {
  // One part with the other platform's: differences are told of both together.
  const path = 'requirements.appVersions';
  const { value, set, settle } = usePart(path);
  const all = (value ?? {}) as Partial<Record<Platform, AppVersions>>;
  const known: AppVersions = all[platform] ?? {};
  const change = (next: AppVersions, typing = false) =>
    set(stated({ ...all, [platform]: stated(next) }), typing);
  return (
    <PartRow path={path} label={`Versions on ${platformLabel(platform)}`} hint={hint}>
      {(control) => (
        <>
          <AllowedRanges
            {...{ control, platform }}
            ranges={known.allowed ?? []}
            onChange={(ranges, typing) => {
              const { allowed: _, ...rest } = known;
              change(ranges.length === 0 ? rest : { ...rest, allowed: [...ranges] }, typing);
            }}
            onLeave={settle}
          />
          <Withdrawn
            {...{ control, platform }}
            versions={known.withdrawn ?? []}
            onChange={(versions) => {
              const { withdrawn: _, ...rest } = known;
              change(versions.length === 0 ? rest : { ...rest, withdrawn: [...versions] }, true);
            }}
            onLeave={settle}
          />
        </>
      )}
    </PartRow>
  );
}

interface AllowedRangesProps {
  control: PartControl;
  platform: Platform;
  ranges: readonly VersionRange[];
  onChange: (ranges: readonly VersionRange[], typing: boolean) => void;
  onLeave: () => void;
}

function AllowedRanges({ control, platform, ranges, onChange, onLeave }: AllowedRangesProps) {
  const { disabled } = control;
  const put = (index: number, end: 'from' | 'below', text: string) => {
    const next = ranges.map((range, at) => {
      if (at !== index) return range;
      const { [end]: _, ...other } = range;
      return text.trim() === '' ? other : { ...other, [end]: text.trim() };
    });
    onChange(next, true);
  };
  return (
    <div className="grid gap-1.5">
      <span className="flex min-h-7 flex-wrap items-center gap-x-3">
        <label htmlFor={`${control.id}-limited`} className="flex items-center gap-2">
          <Checkbox
            id={`${control.id}-limited`}
            disabled={disabled}
            checked={ranges.length > 0}
            onChange={(event) => onChange(event.target.checked ? [{ from: '1.0' }] : [], false)}
          />
          only these
        </label>
        {ranges.length === 0 ? <span className="text-sm text-faint">every version</span> : null}
        {ranges.length === 0 || disabled ? null : (
          <Button
            variant="ghost"
            size="sm"
            className="h-6"
            onClick={() => onChange([...ranges, { from: '1.0' }], false)}
          >
            <Plus aria-hidden size={12} />
            Range
          </Button>
        )}
      </span>
      {ranges.map((range, index) => (
        <span key={index} className="grid grid-cols-[1fr_auto_1fr_auto] items-center gap-1.5">
          <Input
            mono
            disabled={disabled}
            aria-invalid={control['aria-invalid']}
            aria-label={`Range ${index + 1} on ${platformLabel(platform)}, from`}
            placeholder="from"
            value={range.from ?? ''}
            onChange={(event) => put(index, 'from', event.target.value)}
            onBlur={onLeave}
          />
          <span className="text-sm text-dim">to below</span>
          <Input
            mono
            disabled={disabled}
            aria-invalid={control['aria-invalid']}
            aria-label={`Range ${index + 1} on ${platformLabel(platform)}, to below`}
            placeholder="any"
            value={range.below ?? ''}
            onChange={(event) => put(index, 'below', event.target.value)}
            onBlur={onLeave}
          />
          <Button
            variant="ghost"
            size="icon"
            disabled={disabled}
            aria-label={`Remove range ${index + 1} on ${platformLabel(platform)}`}
            onClick={() =>
              onChange(
                ranges.filter((_, at) => at !== index),
                false,
              )
            }
          >
            <X aria-hidden size={13} />
          </Button>
        </span>
      ))}
    </div>
  );
}

interface WithdrawnProps {
  control: PartControl;
  platform: Platform;
  versions: readonly string[];
  onChange: (versions: readonly string[]) => void;
  onLeave: () => void;
}

function Withdrawn({ control, platform, versions, onChange, onLeave }: WithdrawnProps) {
  return (
    <span className="grid grid-cols-[auto_1fr] items-center gap-2">
      <span className="text-sm text-dim">withdrawn</span>
      <Textarea
        {...control}
        rows={1}
        aria-label={`Withdrawn versions on ${platformLabel(platform)}, one a line`}
        placeholder="none; one a line"
        spellCheck={false}
        className="min-h-8 font-mono text-sm"
        value={versions.join('\n')}
        onChange={(event) => {
          const text = event.target.value;
          onChange(text === '' ? [] : text.split('\n').map((line) => line.trim()));
        }}
        onBlur={onLeave}
      />
    </span>
  );
}
