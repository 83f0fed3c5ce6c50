'use client';

import { formatCount } from '@/components/ui/format';
import type { PolicyTemplate } from '@/lib/contracts';
import { ChoiceCards } from './choice-cards';
import type { DraftControl } from './draft-control';
import { fieldError } from './field-errors';
import { FormSection } from './form-section';

/** A template as the form shows it: how many threats it answers how. */
export interface TemplateSummary {
  name: PolicyTemplate;
  rejects: number;
  restricts: number;
  flags: number;
}

const WORDS: Readonly<Record<PolicyTemplate, { label: string; description: string }>> = {
  permissive: {
    label: 'Permissive',
    description: 'Refuses forgery and watches the rest: for a roll-out.',
  },
  balanced: {
    label: 'Balanced',
    description: 'Refuses what takes the app over, restricts what endangers it.',
  },
  strict: {
    label: 'Strict',
    description: 'Trusts production builds on hardware keys and verified boot only.',
  },
};

export interface PolicySectionProps extends DraftControl {
  templates: readonly TemplateSummary[];
}

/** The template that the app's first policy is made from. */
export function PolicySection({ draft, problems, set, templates }: PolicySectionProps) {
  return (
    <FormSection
      title="Policy"
      description="What each threat leads to. This becomes version 1 of the app’s policy."
    >
      <ChoiceCards
        legend="Template"
        columns={3}
        choices={templates.map(({ name, rejects, restricts, flags }) => ({
          value: name,
          label: WORDS[name].label,
          description: (
            <>
              {WORDS[name].description}
              <span className="mt-1 block text-faint">
                rejects {formatCount(rejects)}, restricts {formatCount(restricts)}, flags {formatCount(flags)}
              </span>
            </>
          ),
        }))}
        value={draft.policyTemplate}
        onChange={(template) => set('policyTemplate', template)}
        error={fieldError(problems, { path: 'policyTemplate', subject: 'The template' })}
      />
    </FormSection>
  );
}
