'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { AnchorsSection } from './anchors-section';
import { type AppDraft, EMPTY_DRAFT, toRegistration } from './app-draft';
import { appHref } from './app-links';
import { useRegisterApp } from './app-queries';
import { AppSection } from './app-section';
import type { DraftControl } from './draft-control';
import { otherProblems } from './field-errors';
import { focusFirstInvalid } from './focus-first-invalid';
import { AndroidSection, AppleSection, VersionsSection } from './identity-sections';
import { PolicySection, type TemplateSummary } from './policy-section';

const NO_PROBLEMS = {};

/** Registers an app. What the server finds wrong stands beside its field; a success leads to the app's guide. */
export function RegisterAppForm({ templates }: { templates: readonly TemplateSummary[] }) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<AppDraft>(EMPTY_DRAFT);
  const register = useRegisterApp();
  const error = register.error === null ? undefined : toApiError(register.error);
  const control: DraftControl = {
    draft,
    problems: error?.fields ?? NO_PROBLEMS,
    set: (key, value) => setDraft((current) => ({ ...current, [key]: value })),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate(toRegistration(draft), {
      onSuccess: (app) => {
        router.push(appHref(app.id, { tab: 'integrate', change: app.seq }));
        // The frame's list of apps is the server's.
        router.refresh();
      },
    });
  };
  // Once the complaints are drawn, the cursor goes to the first.
  useEffect(() => {
    if (register.error !== null) focusFirstInvalid(form.current);
  }, [register.error]);
  return (
    <form ref={form} method="post" onSubmit={submit} className="grid max-w-5xl gap-3">
      <AppSection {...control} />
      <AppleSection {...control} />
      <AndroidSection {...control} />
      {draft.environment === 'development' ? <AnchorsSection {...control} /> : null}
      <VersionsSection {...control} />
      <PolicySection {...control} templates={templates} />
      {error === undefined ? null : <Refusal error={error} />}
      <div className="flex justify-end gap-2">
        <ButtonLink href="/apps">Cancel</ButtonLink>
        <Button type="submit" variant="primary" pending={register.isPending ? 'Registering…' : undefined}>
          Register the app
        </Button>
      </div>
    </form>
  );
}

const SHOWN_FIELDS = Object.keys(toRegistration(EMPTY_DRAFT));

/** Why nothing was registered, where the fields themselves do not tell. */
function Refusal({ error }: { error: ApiError }) {
  const others = otherProblems(error.fields, SHOWN_FIELDS);
  const count = Object.keys(error.fields).length - others.length;
  const summary =
    count === 0
      ? error.message
      : `${plural(count, 'entry needs', 'entries need')} to be put right: see above.`;
  return (
    <Notice tone="rejected" lead="Nothing was registered.">
      {[summary, ...others].join(' ')}
      {error.requestId === undefined ? null : (
        <span className="ml-2 text-sm text-faint">
          Request <code className="font-mono">{error.requestId}</code>
        </span>
      )}
    </Notice>
  );
}
