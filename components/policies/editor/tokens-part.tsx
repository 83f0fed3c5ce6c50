'use client';

import { useState } from 'react';
import { Card, CardHeader } from '@/components/ui/card';
import { formatDuration } from '@/components/ui/format';
import { Checkbox, Input, Select } from '@/components/ui/input';
import { usePart } from './edit-context';
import { NumberControl, OptionalNumberRow, PartRow } from './part-field';
import type { ThreatCatalogue } from './prepare-threats';
import { ThreatAnnotations } from './threat-annotations';

const OUTCOMES = [
  { verdict: 'trusted', title: 'Trusted' },
  { verdict: 'flagged', title: 'Flagged' },
  { verdict: 'restricted', title: 'Restricted' },
] as const;

const seconds = (value: number) => `s, ${formatDuration(value * 1_000)}`;

export interface TokensPartProps {
  catalogue: ThreatCatalogue;
  /** Names of the app's API keys. */
  apiKeys: readonly string[];
}

/** How long tokens live and what they say, by outcome; what a restricted app goes without. */
export default function TokensPart({ catalogue, apiKeys }: TokensPartProps) {
  const { value, set, settle } = usePart('tokenTtlSeconds');
  return (
    <>
      <Card aria-label="Tokens" className="overflow-hidden">
        <CardHeader title="Tokens" />
        <PartRow
          path="tokenTtlSeconds"
          label="Lifetime"
          hint="60 to 3,600 seconds. After it the device attests again."
        >
          {(control) => (
            <NumberControl
              control={control}
              value={value}
              unit={typeof value === 'number' ? seconds(value) : undefined}
              onType={(next) => set(next, true)}
              onLeave={settle}
            />
          )}
        </PartRow>
      </Card>
      {OUTCOMES.map(({ verdict, title }) => (
        <Card key={verdict} aria-label={`Outcome ${verdict}`} className="overflow-hidden">
          <CardHeader title={title} note={verdict === 'restricted' ? 'API keys withheld' : undefined} />
          <OptionalNumberRow
            path={`outcomes.${verdict}.tokenTtlSeconds`}
            label="Another lifetime of the token"
            toggle="of its own"
            unit={seconds}
            initial={verdict === 'trusted' ? 600 : 120}
            none={undefined}
          />
          <AnnotationsRow path={`outcomes.${verdict}.annotations`} />
          {verdict === 'restricted' ? <WithheldRow apiKeys={apiKeys} /> : null}
        </Card>
      ))}
      <ThreatAnnotations catalogue={catalogue} />
    </>
  );
}

/** Words that every token of an outcome says. */
function AnnotationsRow({ path }: { path: string }) {
  const { value, set, settle } = usePart(path);
  const known = Array.isArray(value) ? value.join(' ') : '';
  // What is being typed, which may end in a space.
  const [text, setText] = useState<string | null>(null);
  return (
    <PartRow
      path={path}
      label="Annotations"
      hint="Words that its tokens say to relying parties; the app can read them too."
    >
      {(control) => (
        <Input
          {...control}
          mono
          placeholder="none; separate them by spaces"
          value={text ?? known}
          onChange={(event) => {
            setText(event.target.value);
            const words = event.target.value.split(/[\s,]+/).filter((word) => word !== '');
            set(words.length === 0 ? undefined : words, true);
          }}
          onBlur={() => {
            setText(null);
            settle();
          }}
        />
      )}
    </PartRow>
  );
}

/** Which API keys a restricted app is not given. */
function WithheldRow({ apiKeys }: { apiKeys: readonly string[] }) {
  const path = 'outcomes.restricted.withholdsApiKeys';
  const { value, set } = usePart(path);
  const listed = Array.isArray(value) ? (value as string[]) : null;
  // Names that the policy states and no key has (any more).
  const names = [...new Set([...apiKeys, ...(listed ?? [])])];
  return (
    <PartRow path={path} label="API keys withheld" hint="The others are handed out as if it were trusted.">
      {(control) => (
        <>
          <Select
            {...control}
            value={listed === null ? 'all' : 'listed'}
            onChange={(event) => set(event.target.value === 'all' ? undefined : [])}
          >
            <option value="all">All of them</option>
            <option value="listed">Only these</option>
          </Select>
          {listed === null ? null : names.length === 0 ? (
            <p className="text-sm text-faint">The app has no API keys: none is withheld.</p>
          ) : (
            <span className="grid gap-1">
              {names.map((name) => (
                <label key={name} htmlFor={`${control.id}-${name}`} className="flex items-center gap-2">
                  <Checkbox
                    id={`${control.id}-${name}`}
                    disabled={control.disabled}
                    checked={listed.includes(name)}
                    onChange={(event) =>
                      set(names.filter((one) => (one === name ? event.target.checked : listed.includes(one))))
                    }
                  />
                  {name}
                  {apiKeys.includes(name) ? null : (
                    <span className="text-sm text-faint">no such key now</span>
                  )}
                </label>
              ))}
            </span>
          )}
        </>
      )}
    </PartRow>
  );
}
