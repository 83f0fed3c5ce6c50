'use client';

import { Card, CardHeader } from '@/components/ui/card';
import { formatDuration } from '@/components/ui/format';
import { Checkbox, Select } from '@/components/ui/input';
import type { IntegrityRequirements } from '@/lib/contracts';
import { problemAt, useEdit, usePart } from './edit-context';
import { ListedField, NullableNumber } from './integrity-controls';
import { NumberControl, PartRow } from './part-field';
import { Raises } from './raises';

const PATH = 'requirements.integrity';
/** What is asked for at first: a device that Google vouches for. */
const FIRST: IntegrityRequirements = {
  ...{ deviceLabel: 'device', minSdkVersion: null, recognized: true, licensed: false, playProtect: null },
  ...{ refusedAppAccess: [], maxActivityLevel: null, maxAgeSeconds: 3_600 },
};
const PLAY_PROTECT = [
  'NO_ISSUES',
  'NO_DATA',
  'POSSIBLE_RISK',
  'MEDIUM_RISK',
  'HIGH_RISK',
  'UNEVALUATED',
] as const;
const APP_ACCESS = ['KNOWN', 'UNKNOWN'].flatMap((known) =>
  ['INSTALLED', 'CAPTURING', 'CONTROLLING', 'OVERLAYS'].map((access) => `${known}_${access}`),
) as IntegrityRequirements['refusedAppAccess'];

/** What the Play Integrity verdict of an Android device must say, member by member. */
export function IntegrityFields() {
  const { value, set } = usePart(PATH);
  const known = (value ?? null) as IntegrityRequirements | null;
  const change = (next: Partial<IntegrityRequirements>, typing = false) => {
    if (known !== null) set({ ...known, ...next }, typing);
  };
  return (
    <Card aria-label="Play Integrity" className="overflow-hidden">
      <CardHeader title="Play Integrity" note="Android" />
      <PartRow
        path={PATH}
        label="A verdict of Google’s"
        hint="How verdicts are read is set with the app, under Evidence. iOS passes over this."
      >
        {(control) => (
          <span className="flex min-h-8 items-center gap-2">
            <Checkbox
              {...control}
              checked={known !== null}
              onChange={(event) => set(event.target.checked ? FIRST : null)}
            />
            <span className="text-dim">required</span>
          </span>
        )}
      </PartRow>
      {known === null ? null : <Members known={known} onChange={change} />}
    </Card>
  );
}

interface MembersProps {
  known: IntegrityRequirements;
  onChange: (next: Partial<IntegrityRequirements>, typing?: boolean) => void;
}

function Members({ known, onChange }: MembersProps) {
  const { isReadOnly, settle, problems, policy } = useEdit();
  const ageProblem = problemAt(problems, policy, `${PATH}.maxAgeSeconds`);
  const asked = [
    { member: 'recognized', label: 'Google Play recognises the app', threat: 'app_integrity' },
    { member: 'licensed', label: 'The user got it from Google Play', threat: 'unofficial_store' },
  ] as const;
  return (
    <div className="grid gap-4 border-t px-4 py-3 lg:grid-cols-2">
      <label htmlFor="integrity-label" className="grid gap-1">
        <span className="text-sm font-medium text-dim">Device label</span>
        <Select
          id="integrity-label"
          disabled={isReadOnly}
          value={known.deviceLabel ?? ''}
          onChange={(event) => {
            const label = event.target.value;
            onChange({ deviceLabel: label === '' ? null : (label as IntegrityRequirements['deviceLabel']) });
          }}
        >
          <option value="">None</option>
          <option value="basic">MEETS_BASIC_INTEGRITY</option>
          <option value="device">MEETS_DEVICE_INTEGRITY</option>
          <option value="strong">MEETS_STRONG_INTEGRITY</option>
        </Select>
        <span className="text-sm text-faint">
          <Raises threats={['integrity_verdict_low']} />
        </span>
      </label>
      <div className="grid content-start gap-1">
        <label htmlFor="integrity-age" className="text-sm font-medium text-dim">
          Age of the verdict, at most
        </label>
        <NumberControl
          control={{
            ...{ id: 'integrity-age', disabled: isReadOnly, 'aria-describedby': undefined },
            'aria-invalid': ageProblem === undefined ? undefined : true,
          }}
          value={known.maxAgeSeconds}
          unit={`s, ${typeof known.maxAgeSeconds === 'number' ? formatDuration(known.maxAgeSeconds * 1_000) : ''}`}
          onType={(next) => onChange({ maxAgeSeconds: next as number }, true)}
          onLeave={settle}
        />
      </div>
      <NullableNumber
        label="Lowest Android SDK version"
        value={known.minSdkVersion}
        initial={33}
        onChange={(minSdkVersion, typing) => onChange({ minSdkVersion }, typing)}
      />
      <NullableNumber
        label="Highest level of recent activity (1 to 4)"
        value={known.maxActivityLevel}
        initial={3}
        onChange={(maxActivityLevel, typing) => onChange({ maxActivityLevel }, typing)}
      />
      <div className="grid content-start gap-1.5 lg:col-span-2">
        {asked.map(({ member, label, threat }) => (
          <label key={member} htmlFor={`integrity-${member}`} className="flex flex-wrap items-center gap-x-2">
            <Checkbox
              id={`integrity-${member}`}
              disabled={isReadOnly}
              checked={known[member]}
              onChange={(event) => onChange({ [member]: event.target.checked })}
            />
            {label}
            <span className="text-sm text-faint">
              <Raises threats={[threat]} />
            </span>
          </label>
        ))}
      </div>
      <ListedField
        legend="Play Protect may say"
        hint={<Raises threats={['malware']} />}
        choices={PLAY_PROTECT}
        chosen={known.playProtect}
        toggle={{ label: 'ask it', initial: ['NO_ISSUES', 'NO_DATA'] }}
        onChange={(playProtect) => onChange({ playProtect: playProtect === null ? null : [...playProtect] })}
      />
      <ListedField
        legend="App access risks that are refused"
        hint={<Raises threats={['screen_recording', 'automation', 'malware']} />}
        choices={APP_ACCESS}
        chosen={known.refusedAppAccess}
        onChange={(risks) => onChange({ refusedAppAccess: [...(risks ?? [])] })}
      />
    </div>
  );
}
