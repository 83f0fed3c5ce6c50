'use client';

import { type FormEvent, useId, useRef, useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { apiFetch } from '@/components/query/api-fetch';
import type { StepUpQuestion } from '@/components/query/step-up';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { StepUp } from '@/lib/contracts';
import { PasswordField } from './password-field';

export interface StepUpDialogProps {
  question: StepUpQuestion;
  /** Whose password it is, for whoever keeps it in a password manager. */
  email: string;
}

/** Asks for the password again, above whatever dialog the act was confirmed in. */
export default function StepUpDialog({ question, email }: StepUpDialogProps) {
  const formId = useId();
  const password = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ApiError>();
  const [pending, setPending] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = String(new FormData(event.currentTarget).get('password'));
    setPending(true);
    setProblem(undefined);
    try {
      await apiFetch<StepUp>('/api/console/me/step-up', { method: 'POST', body: { password: given } });
      question.answer(true);
    } catch (thrown) {
      const error = toApiError(thrown);
      // The session is over: the act learns of it, and leads to the sign-in page.
      if (error.code === 'authentication_required') question.fail(error);
      setProblem(error);
      setPending(false);
      password.current?.select();
    }
  }

  const refused = problem?.code === 'credentials_invalid';
  return (
    <Dialog
      open
      above
      size="sm"
      onOpenChange={() => question.answer(false)}
      title="Is it still you?"
      description={`${question.why} It then counts for five minutes, in this session only.`}
      footer={
        <>
          <Button onClick={() => question.answer(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" pending={pending ? 'Checking…' : undefined}>
            Go on
          </Button>
        </>
      }
    >
      {/* `post`, so that a browser that is faster than our script puts no password into the address. */}
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        <input type="hidden" name="email" autoComplete="username" value={email} />
        <PasswordField
          ref={password}
          label={`Password of ${email}`}
          name="password"
          autoComplete="current-password"
          required
          error={refused ? problem.message : undefined}
        />
        {problem === undefined || refused ? null : <Notice tone="rejected">{problem.message}</Notice>}
      </form>
    </Dialog>
  );
}
