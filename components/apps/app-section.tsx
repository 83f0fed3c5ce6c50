'use client';

import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { suggestId } from './app-draft';
import { ChoiceCards } from './choice-cards';
import type { DraftControl } from './draft-control';
import { fieldError } from './field-errors';
import { FormSection } from './form-section';

const ENVIRONMENTS = [
  {
    value: 'production',
    label: 'Production',
    description: 'Only evidence that Apple’s and Google’s own roots vouch for counts.',
  },
  {
    value: 'development',
    label: 'Development',
    description: 'Test certificate authorities may vouch too. It is marked wherever it appears.',
  },
] as const;

/** Name, id and environment. The id follows the name until somebody writes their own. */
export function AppSection({ draft, problems, set }: DraftControl) {
  return (
    <FormSection
      title="App"
      description="The id names the app in tokens (their audience), in addresses and in code. It stays as it is."
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Name" error={fieldError(problems, { path: 'name', subject: 'The name' })}>
          {(control) => (
            <Input
              {...control}
              required
              autoFocus
              maxLength={80}
              placeholder="Retail Bank"
              value={draft.name}
              onChange={(event) => set('name', event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Id"
          hint="Small letters, digits and hyphens."
          error={fieldError(problems, { path: 'id', subject: 'The id' })}
        >
          {(control) => (
            <Input
              {...control}
              mono
              required
              maxLength={40}
              placeholder="retail-bank"
              autoCapitalize="none"
              spellCheck={false}
              value={draft.id ?? suggestId(draft.name)}
              onChange={(event) => set('id', event.target.value === '' ? null : event.target.value)}
            />
          )}
        </Field>
      </div>
      <ChoiceCards
        legend="Environment"
        choices={ENVIRONMENTS}
        value={draft.environment}
        onChange={(environment) => set('environment', environment)}
        error={fieldError(problems, { path: 'environment', subject: 'The environment' })}
      />
    </FormSection>
  );
}
