'use client';

import { useId } from 'react';
import { complaint } from '@/components/ui/complaint';
import { Field, type FieldControlProps } from '@/components/ui/field';
import { Checkbox, Input, Select } from '@/components/ui/input';
import { ReasonField } from '@/components/ui/reason-field';
import type { BlockRuleDraft } from '@/lib/contracts';
import { LENGTHS, type Span, SUBJECT_LABELS, spansWith, WINDOWS } from './rule-words';

export interface RuleFieldsProps {
  draft: BlockRuleDraft;
  onChange: (change: Partial<BlockRuleDraft>) => void;
  apps: readonly { id: string; name: string }[];
  mayChangeApp: boolean;
  threats: readonly { id: string; title: string }[];
  /** What the server found wrong, by field. */
  problems: Readonly<Record<string, string>>;
}

/** The fields of a rule. */
export function RuleFields(props: RuleFieldsProps) {
  const { draft, onChange, apps, mayChangeApp, problems } = props;
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Name" error={complaint('The name', problems.name)}>
          {(control) => (
            <Input
              {...control}
              required
              minLength={3}
              maxLength={80}
              value={draft.name}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="App" error={complaint('The app', problems.appId)}>
          {(control) => (
            <Select
              {...control}
              disabled={!mayChangeApp}
              value={draft.appId}
              onChange={(event) => onChange({ appId: event.target.value })}
            >
              {apps.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Refusals" error={complaint('The number', problems.refusals)}>
          {(control) => (
            <Count
              control={control}
              most={1_000}
              value={draft.refusals}
              onChange={(refusals) => onChange({ refusals })}
            />
          )}
        </Field>
        <SpanField
          label="Within"
          spans={spansWith(WINDOWS, draft.windowSeconds)}
          value={draft.windowSeconds}
          onChange={(windowSeconds) => onChange({ windowSeconds })}
        />
      </div>
      <Threats {...props} />
      <What {...props} />
      <ReasonField
        hint="Shown with every block of it."
        error={complaint('The reason', problems.reason)}
        value={draft.reason}
        onChange={(reason) => onChange({ reason })}
      />
    </>
  );
}

function Threats({ draft, onChange, threats }: RuleFieldsProps) {
  const groupId = useId();
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-medium text-dim">For these threats; none: for any</legend>
      {/* A list that scrolls has to be reachable by keyboard; its boxes are. */}
      <div className="grid max-h-32 overflow-y-auto sm:grid-cols-2">
        {threats.map(({ id, title }) => (
          <label key={id} htmlFor={`${groupId}-${id}`} className="flex min-h-7 items-center gap-2 text-sm">
            <Checkbox
              id={`${groupId}-${id}`}
              checked={draft.threats.includes(id)}
              onChange={(event) =>
                onChange({
                  threats: event.target.checked
                    ? [...draft.threats, id]
                    : draft.threats.filter((one) => one !== id),
                })
              }
            />
            {title}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function What({ draft, onChange, problems }: RuleFieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Field label="Kind">
        {(control) => (
          <Select
            {...control}
            value={draft.effect}
            onChange={(event) =>
              onChange({ effect: event.target.value === 'refuse' ? 'refuse' : 'simulate' })
            }
          >
            <option value="simulate">Simulation</option>
            <option value="refuse">Block</option>
          </Select>
        )}
      </Field>
      <Field label="What is blocked">
        {(control) => (
          <Select
            {...control}
            value={draft.subject}
            onChange={(event) =>
              onChange({ subject: event.target.value === 'hardware' ? 'hardware' : 'instance' })
            }
          >
            {Object.entries(SUBJECT_LABELS).map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <SpanField
        label="For how long"
        spans={spansWith(LENGTHS, draft.durationSeconds)}
        value={draft.durationSeconds}
        onChange={(durationSeconds) => onChange({ durationSeconds })}
      />
      <Field label="If it happens again">
        {(control) => (
          <Select
            {...control}
            value={draft.escalates ? 'longer' : 'same'}
            onChange={(event) => onChange({ escalates: event.target.value === 'longer' })}
          >
            <option value="longer">Longer each time</option>
            <option value="same">As long as the first time</option>
          </Select>
        )}
      </Field>
      <Field label="At most, devices a day" error={complaint('The limit', problems.mostDevices)}>
        {(control) => (
          <Count
            control={control}
            most={1_000}
            value={draft.mostDevices}
            onChange={(mostDevices) => onChange({ mostDevices })}
          />
        )}
      </Field>
      <Field
        label="At most, % of devices seen"
        hint="Beyond either it blocks nobody, and stops itself."
        error={complaint('The share', problems.mostPercent)}
      >
        {(control) => (
          <Count
            control={control}
            most={100}
            value={draft.mostPercent}
            onChange={(mostPercent) => onChange({ mostPercent })}
          />
        )}
      </Field>
    </div>
  );
}

interface SpanFieldProps {
  label: string;
  spans: readonly Span[];
  value: number;
  onChange: (seconds: number) => void;
}

function SpanField({ label, spans, value, onChange }: SpanFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {spans.map(({ seconds, label: text }) => (
            <option key={seconds} value={seconds}>
              {text}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

interface CountProps {
  control: FieldControlProps;
  most: number;
  value: number;
  onChange: (value: number) => void;
}

function Count({ control, most, value, onChange }: CountProps) {
  return (
    <Input
      {...control}
      type="number"
      required
      min={1}
      max={most}
      value={Number.isNaN(value) ? '' : value}
      onChange={(event) => onChange(event.target.valueAsNumber)}
    />
  );
}
