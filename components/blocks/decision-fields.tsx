'use client';

import { complaint } from '@/components/ui/complaint';
import { Field } from '@/components/ui/field';
import { Input, Select } from '@/components/ui/input';
import { ReasonField } from '@/components/ui/reason-field';
import type { BlockEffect } from '@/lib/contracts';
import { EFFECT_LABELS, SCOPE_WORDS, SCOPES } from './block-words';
import { asksForApp, type DecisionForm } from './decision-draft';
import { DURATIONS } from './durations';
import { IncidentField } from './incident-field';

export interface DecisionFieldsProps {
  form: DecisionForm;
  onChange: (change: Partial<DecisionForm>) => void;
  effects: readonly BlockEffect[];
  apps: readonly { id: string; name: string }[];
  /** Whether kind, scope and target are given and not to be changed. */
  isSettled: boolean;
  /** What the server found wrong, by field. */
  problems: Readonly<Record<string, string>>;
  /** Length that repetitions suggest; absent before it is known. */
  suggestedSeconds: number | null | undefined;
}

/** Two beside each other where there is room, and one alone over all of it. */
const PAIR = 'grid items-start gap-4 sm:grid-cols-2 sm:[&>:only-child]:col-span-2';

/** The fields of a decision. */
export function DecisionFields(props: DecisionFieldsProps) {
  const { form, onChange, problems } = props;
  return (
    <>
      {props.isSettled ? null : <About {...props} />}
      <div className={PAIR}>
        {props.isSettled || !asksForApp(form) ? null : <AppField {...props} />}
        <LengthField {...props} />
      </div>
      <div className={PAIR}>
        {form.effect === 'allow' ? <OwnerField {...props} /> : null}
        <IncidentField
          error={complaint('The incident', problems.incident)}
          value={form.incident}
          onChange={(incident) => onChange({ incident })}
        />
      </div>
      <ReasonField
        hint="Kept in the audit log. Never shown to a device."
        error={complaint('The reason', problems.reason)}
        value={form.reason}
        onChange={(reason) => onChange({ reason })}
      />
    </>
  );
}

function About({ form, onChange, effects, problems }: DecisionFieldsProps) {
  const words = SCOPE_WORDS[form.scope];
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Kind">
          {(control) => (
            <Select
              {...control}
              value={form.effect}
              onChange={(event) => {
                const effect = effects.find((one) => one === event.target.value);
                if (effect !== undefined) onChange({ effect });
              }}
            >
              {effects.map((effect) => (
                <option key={effect} value={effect}>
                  {EFFECT_LABELS[effect]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Scope">
          {(control) => (
            <Select
              {...control}
              value={form.scope}
              onChange={(event) => {
                const scope = SCOPES.find((one) => one === event.target.value);
                if (scope !== undefined) onChange({ scope, target: '' });
              }}
            >
              {SCOPES.map((scope) => (
                <option key={scope} value={scope}>
                  {SCOPE_WORDS[scope].label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field label={words.label} hint={words.hint} error={complaint(words.label, problems.target)}>
        {(control) => (
          <Input
            {...control}
            mono
            required
            maxLength={200}
            placeholder={words.example}
            spellCheck={false}
            value={form.target}
            onChange={(event) => onChange({ target: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function AppField({ form, onChange, apps, problems }: DecisionFieldsProps) {
  return (
    <Field label="App" error={complaint('The app', problems.appId)}>
      {(control) => (
        <Select {...control} value={form.appId} onChange={(event) => onChange({ appId: event.target.value })}>
          <option value="">Every app</option>
          {apps.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function LengthField({ form, onChange, problems, suggestedSeconds }: DecisionFieldsProps) {
  const lengths = DURATIONS.filter(({ seconds }) => form.effect !== 'allow' || seconds !== null);
  const suggested = DURATIONS.find(({ seconds }) => seconds === suggestedSeconds);
  return (
    <Field
      label="For how long"
      error={complaint('The length', problems.durationSeconds)}
      hint={
        form.effect === 'allow'
          ? 'An allowlist entry always ends.'
          : suggested && `${suggested.label} is suggested: longer each time within 90 days.`
      }
    >
      {(control) => (
        <Select
          {...control}
          value={lengths.find(({ seconds }) => seconds === form.durationSeconds)?.id ?? lengths[0]?.id}
          onChange={(event) => {
            const chosen = lengths.find(({ id }) => id === event.target.value);
            if (chosen !== undefined) onChange({ durationSeconds: chosen.seconds });
          }}
        >
          {lengths.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function OwnerField({ form, onChange, problems }: DecisionFieldsProps) {
  return (
    <Field label="Who answers for it" error={complaint('The owner', problems.owner)}>
      {(control) => (
        <Input
          {...control}
          required
          minLength={3}
          maxLength={120}
          placeholder="QA team"
          value={form.owner}
          onChange={(event) => onChange({ owner: event.target.value })}
        />
      )}
    </Field>
  );
}
