'use client';

import { type ReactNode, useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input, Select } from '@/components/ui/input';
import { ReasonField } from '@/components/ui/reason-field';
import type { Rollout, RolloutPlan } from '@/lib/contracts';
import { stageWords } from '../policy-words';
import {
  type GuardrailForm,
  HOLDS,
  holdId,
  PLANNED_STAGES,
  PLANS,
  type PlannedStage,
  readGuardrail,
  USUAL_GUARDRAIL,
} from './rollout-plan';
import { useStartRollout } from './rollout-queries';

export interface StartRolloutProps {
  appId: string;
  /** Revision of the draft that the publisher saw. */
  revision: number;
  /** What the publisher must see first. */
  children?: ReactNode;
  /** Whether something is missing before it may begin. */
  isBlocked?: boolean;
  onClose: () => void;
  /** Called when it has committed; `seq` leads to the proof of enforcement. */
  onStarted: (rollout: Rollout) => void;
}

/** Publishes the draft in stages: how long each lasts, when the guardrail stops it, and why. */
export function StartRollout(props: StartRolloutProps) {
  const { appId, revision, children, isBlocked = false, onClose, onStarted } = props;
  const start = useStartRollout();
  const [plan, setPlan] = useState<RolloutPlan | undefined>(PLANS[0]?.plan);
  const [form, setForm] = useState<GuardrailForm>(USUAL_GUARDRAIL);
  const [reason, setReason] = useState('');
  const { guardrail, problems } = readGuardrail(form);
  const isReady = plan !== undefined && reason.trim().length >= 3 && Object.keys(problems).length === 0;
  const error = start.error === null ? undefined : toApiError(start.error);
  return (
    <FormDialog
      title="Publish the draft in stages"
      description="It begins by observing: nobody is judged by the new version, and what it would have said is recorded beside the real verdict."
      act="Begin to observe"
      actPending="Beginning…"
      disabled={!isReady || isBlocked}
      pending={start.isPending}
      problem={problemBeside(error, ['reason'])}
      onClose={onClose}
      onSubmit={() => {
        if (plan === undefined) return;
        start.mutate(
          { id: appId, revision, reason: reason.trim(), plan, guardrail },
          {
            onSuccess: (rollout) => {
              onStarted(rollout);
              onClose();
            },
          },
        );
      }}
    >
      {children}
      {plan === undefined ? null : <PlanFields plan={plan} onChange={setPlan} />}
      <GuardrailFields form={form} problems={problems} onChange={setForm} />
      <ReasonField
        hint="Kept with the version and in the audit log."
        error={error?.fields.reason && `The reason ${error.fields.reason}.`}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}

function PlanFields({ plan, onChange }: { plan: RolloutPlan; onChange: (plan: RolloutPlan) => void }) {
  const whole = PLANS.find((one) => PLANNED_STAGES.every((stage) => one.plan[stage] === plan[stage]));
  return (
    <>
      <Field
        label="Pace"
        hint="A stage that has a length ends by itself, once enough devices were seen to tell. Whoever may publish can go on sooner, and stop at any time."
      >
        {(control) => (
          <Select
            {...control}
            value={whole?.id ?? ''}
            onChange={(event) => {
              const chosen = PLANS.find(({ id }) => id === event.target.value);
              if (chosen !== undefined) onChange(chosen.plan);
            }}
          >
            {whole === undefined ? <option value="">As stated below</option> : null}
            {PLANS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        {PLANNED_STAGES.map((stage) => (
          <HoldField
            key={stage}
            stage={stage}
            seconds={plan[stage]}
            onChange={(seconds) => onChange({ ...plan, [stage]: seconds })}
          />
        ))}
      </div>
    </>
  );
}

interface HoldFieldProps {
  stage: PlannedStage;
  seconds: number | null;
  onChange: (seconds: number | null) => void;
}

function HoldField({ stage, seconds, onChange }: HoldFieldProps) {
  const words = stageWords(stage);
  return (
    <Field label={`${words.charAt(0).toUpperCase()}${words.slice(1)}`}>
      {(control) => (
        <Select
          {...control}
          value={holdId(seconds)}
          onChange={(event) => {
            const chosen = HOLDS.find(({ id }) => id === event.target.value);
            if (chosen !== undefined) onChange(chosen.seconds);
          }}
        >
          {HOLDS.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

interface GuardrailFieldsProps {
  form: GuardrailForm;
  problems: Readonly<Partial<Record<keyof GuardrailForm, string>>>;
  onChange: (form: GuardrailForm) => void;
}

function GuardrailFields({ form, problems, onChange }: GuardrailFieldsProps) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      <Field
        label="Rejections may rise by at most"
        hint="Percentage points of devices above the control group. Beyond, with 95 % confidence, it stops and reverts by itself."
        error={problems.maxIncrease}
      >
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="decimal"
            min={0}
            max={100}
            step="any"
            required
            value={form.maxIncrease}
            onChange={(event) => onChange({ ...form, maxIncrease: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Judge from this many devices on"
        hint="In each group. From fewer, nothing is concluded, and no stage ends by itself."
        error={problems.minDevices}
      >
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            min={5}
            max={100_000}
            step={1}
            required
            value={form.minDevices}
            onChange={(event) => onChange({ ...form, minDevices: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

export default StartRollout;
