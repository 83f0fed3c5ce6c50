'use client';

import { Plus, Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import type { AppDraft } from './app-draft';
import type { DraftControl } from './draft-control';
import { fieldError } from './field-errors';
import { FormSection } from './form-section';

const MOST_ANCHORS = 5;
type Anchor = AppDraft['trustAnchors'][number];

/** Certificate authorities of one's own that may vouch for a development app's evidence. */
export function AnchorsSection({ draft, problems, set }: DraftControl) {
  const anchors = draft.trustAnchors;
  const change = (index: number, part: Partial<Anchor>) =>
    set(
      'trustAnchors',
      anchors.map((anchor, at) => (at === index ? { ...anchor, ...part } : anchor)),
    );
  const error = (index: number, part: keyof Anchor, subject: string) =>
    fieldError(problems, { path: `trustAnchors.${index}.${part}`, subject });
  return (
    <FormSection
      title="Trust anchors"
      description="Test authorities besides Apple’s and Google’s roots, for emulators and the simulator. For this app only."
    >
      {anchors.map((anchor, index) => (
        <div key={index} className="grid gap-3 rounded-control border p-3">
          <div className="flex items-start gap-2">
            <div className="flex-1">
              <Field label={`Anchor ${index + 1}: name`} error={error(index, 'name', 'The name')}>
                {(control) => (
                  <Input
                    {...control}
                    required
                    maxLength={80}
                    placeholder="Team test CA"
                    value={anchor.name}
                    onChange={(event) => change(index, { name: event.target.value })}
                  />
                )}
              </Field>
            </div>
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove anchor ${index + 1}`}
              className="mt-5"
              onClick={() => set('trustAnchors', anchors.toSpliced(index, 1))}
            >
              <Trash2 aria-hidden size={15} />
            </Button>
          </div>
          <Field
            label="Certificate (PEM)"
            hint="One CA certificate, valid today."
            error={error(index, 'certificatePem', 'This')}
          >
            {(control) => (
              <Textarea
                {...control}
                required
                rows={4}
                spellCheck={false}
                placeholder={'-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----'}
                className="font-mono text-sm"
                value={anchor.certificatePem}
                onChange={(event) => change(index, { certificatePem: event.target.value })}
              />
            )}
          </Field>
        </div>
      ))}
      <div>
        <Button
          disabled={anchors.length >= MOST_ANCHORS}
          onClick={() => set('trustAnchors', [...anchors, { name: '', certificatePem: '' }])}
        >
          <Plus aria-hidden size={14} />
          Add a trust anchor
        </Button>
      </div>
    </FormSection>
  );
}
