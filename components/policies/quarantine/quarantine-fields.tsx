'use client';

import { complaint } from '@/components/ui/complaint';
import { Field } from '@/components/ui/field';
import { Input, Select, Textarea } from '@/components/ui/input';
import { ReasonField } from '@/components/ui/reason-field';
import {
  type DemotableThreat,
  QUARANTINE_DURATIONS,
  type QuarantineForm,
  type quarantineProblems,
} from './quarantine-form';

export interface QuarantineFieldsProps {
  form: QuarantineForm;
  threats: readonly DemotableThreat[];
  problems: ReturnType<typeof quarantineProblems>;
  onChange: (change: Partial<QuarantineForm>) => void;
}

/** The fields of a quarantine: the signal, where, for how long, and why. */
export function QuarantineFields({ form, threats, problems, onChange }: QuarantineFieldsProps) {
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Signal" error={complaint('This signal', problems.threat)}>
          {(control) => (
            <Select
              {...control}
              required
              value={form.threat}
              onChange={(event) => onChange({ threat: event.target.value })}
            >
              <option value="">Choose a signal</option>
              {threats.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Platform">
          {(control) => (
            <Select
              {...control}
              value={form.platform}
              onChange={({ target: { value } }) =>
                onChange({ platform: value === 'ios' || value === 'android' ? value : '' })
              }
            >
              <option value="">Both</option>
              <option value="ios">iOS</option>
              <option value="android">Android</option>
            </Select>
          )}
        </Field>
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Range
          label="OS version"
          from={form.osFrom}
          below={form.osBelow}
          error={complaint('The OS version', problems.osVersion)}
          onChange={(from, below) => onChange({ osFrom: from, osBelow: below })}
        />
        <Range
          label="App version"
          from={form.appFrom}
          below={form.appBelow}
          error={complaint('The app version', problems.appVersion)}
          onChange={(from, below) => onChange({ appFrom: from, appBelow: below })}
        />
      </div>
      <Field
        label="Models"
        optional
        hint="One per line, as devices state them; * at the end stands for all that begin so."
        error={complaint('The models', problems.models)}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={1}
            spellCheck={false}
            value={form.models}
            onChange={(event) => onChange({ models: event.target.value })}
          />
        )}
      </Field>
      <LengthAndReason form={form} problems={problems} onChange={onChange} />
    </>
  );
}

function LengthAndReason({ form, problems, onChange }: Omit<QuarantineFieldsProps, 'threats'>) {
  return (
    <>
      <Field label="For how long" hint="It ends by itself; an app release or a policy edit comes after it.">
        {(control) => (
          <Select
            {...control}
            value={String(form.durationSeconds)}
            onChange={(event) => onChange({ durationSeconds: Number(event.target.value) })}
          >
            {QUARANTINE_DURATIONS.map(({ id, seconds, label }) => (
              <option key={id} value={seconds}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ReasonField
        hint="Kept in the audit log. Never shown to a device."
        error={complaint('The reason', problems.reason)}
        value={form.reason}
        onChange={(reason) => onChange({ reason })}
      />
    </>
  );
}

interface RangeProps {
  label: string;
  from: string;
  below: string;
  error: string | undefined;
  onChange: (from: string, below: string) => void;
}

function Range({ label, from, below, error, onChange }: RangeProps) {
  return (
    <div className="grid grid-cols-2 items-start gap-2">
      <Field label={`${label} from`} error={error}>
        {(control) => (
          <Input
            {...control}
            mono
            spellCheck={false}
            placeholder="any"
            value={from}
            onChange={(event) => onChange(event.target.value, below)}
          />
        )}
      </Field>
      <Field label="to below">
        {(control) => (
          <Input
            {...control}
            mono
            spellCheck={false}
            aria-label={`${label} to below`}
            placeholder="any"
            value={below}
            onChange={(event) => onChange(from, event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}
