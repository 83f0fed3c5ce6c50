'use client';

import { useState } from 'react';
import { CheckList } from '@/components/ui/check-list';
import { networkKindLabel } from '@/components/ui/domain-labels';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input, Select, Textarea } from '@/components/ui/input';
import type { Condition, ConditionalResponse, NetworkKind, Platform, Response } from '@/lib/contracts';
import { conditionWords } from '@/lib/words';
import { type ConditionDraft, conditionDraftOf, conditionOf } from './condition-draft';
import type { ThreatFacts } from './prepare-threats';
import { ResponseChoice } from './response-choice';

const NETWORKS: readonly NetworkKind[] = ['access', 'hosting', 'anonymiser', 'private', 'unknown'];

export interface ConditionDialogProps {
  threat: ThreatFacts;
  /** `null` to add one. */
  condition: ConditionalResponse | null;
  onClose: () => void;
  /** `name` is what an id can be made of. */
  onSave: (saved: { when: Condition; response: Response }, name: string) => void;
}

/** Asks where a threat is answered otherwise. Everything that is stated must hold. */
export default function ConditionDialog({ threat, condition, onClose, onSave }: ConditionDialogProps) {
  const [draft, setDraft] = useState(() => conditionDraftOf(condition, 'observe'));
  const when = conditionOf(draft);
  const edit = (change: Partial<ConditionDraft>) => setDraft({ ...draft, ...change });
  const isEmpty = Object.keys(when).length === 0;
  return (
    <FormDialog
      title={condition === null ? 'Another response where…' : 'Change the condition'}
      description={`${threat.title}. Whatever is stated must hold; what is left empty is not asked.`}
      act={condition === null ? 'Add the condition' : 'Change it'}
      actPending=""
      pending={false}
      disabled={isEmpty}
      onClose={onClose}
      onSubmit={() =>
        onSave({ when, response: draft.response }, `${threat.id.slice(0, 14)} ${conditionWords(when)}`)
      }
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Platform">
          {(control) => (
            <Select
              {...control}
              value={draft.platform}
              onChange={(event) => edit({ platform: event.target.value as Platform | '' })}
            >
              <option value="">Both</option>
              <option value="ios">iOS</option>
              <option value="android">Android</option>
            </Select>
          )}
        </Field>
        <Field label="Countries" hint="By two letters, such as FR DE." optional>
          {(control) => (
            <Input
              {...control}
              mono
              autoCapitalize="characters"
              value={draft.countries}
              onChange={(event) => edit({ countries: event.target.value })}
            />
          )}
        </Field>
        <RangeFields
          name="OS version"
          from={draft.osFrom}
          below={draft.osBelow}
          onChange={(osFrom, osBelow) => edit({ osFrom, osBelow })}
        />
        <RangeFields
          name="App version"
          from={draft.appFrom}
          below={draft.appBelow}
          onChange={(appFrom, appBelow) => edit({ appFrom, appBelow })}
        />
        <Field label="Models" hint="One a line; with * at the end, all that begin so." optional>
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              spellCheck={false}
              className="font-mono text-sm"
              value={draft.models}
              onChange={(event) => edit({ models: event.target.value })}
            />
          )}
        </Field>
        <CheckList
          legend="Networks"
          choices={NETWORKS.map((kind) => ({ id: kind, name: networkKindLabel(kind) }))}
          chosen={draft.networkKinds}
          onChange={(kinds) => edit({ networkKinds: NETWORKS.filter((kind) => kinds.includes(kind)) })}
        />
      </div>
      <div className="grid gap-1.5 justify-items-start">
        <p className="text-sm font-medium text-dim">
          {isEmpty ? 'State at least one of these.' : `Where ${conditionWords(when)}, answer with`}
        </p>
        <ResponseChoice
          label="Response where it holds"
          value={draft.response}
          onChange={(response) => edit({ response })}
        />
      </div>
    </FormDialog>
  );
}

export interface RangeFieldsProps {
  name: string;
  from: string;
  below: string;
  onChange: (from: string, below: string) => void;
}

function RangeFields({ name, from, below, onChange }: RangeFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-2">
      <Field label={`${name} from`} optional>
        {(control) => (
          <Input {...control} mono value={from} onChange={(event) => onChange(event.target.value, below)} />
        )}
      </Field>
      <Field label="to below" optional>
        {(control) => (
          <Input
            {...control}
            mono
            aria-label={`${name} to below`}
            value={below}
            onChange={(event) => onChange(from, event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}
