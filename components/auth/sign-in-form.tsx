'use client';

import { type FormEvent, useRef, useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { PasswordField } from './password-field';
import { signIn } from './session';

/** E-mail address and password; a success loads `target` anew, with the session. */
export function SignInForm({ target }: { target: string }) {
  const password = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ApiError>();
  const [pending, setPending] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setProblem(undefined);
    try {
      await signIn(String(form.get('email')), String(form.get('password')));
      location.assign(target);
    } catch (error) {
      setProblem(toApiError(error));
      setPending(false);
      password.current?.select();
    }
  }

  const refused = problem?.code === 'credentials_invalid';
  return (
    // `post`, so that a browser that is faster than our script puts no password into the address.
    <form method="post" onSubmit={submit} className="grid gap-4">
      {problem === undefined || refused ? null : <Notice tone="rejected">{problem.message}</Notice>}
      <Field label="E-mail address">
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            aria-invalid={refused || undefined}
            className="h-9"
          />
        )}
      </Field>
      <PasswordField
        ref={password}
        label="Password"
        name="password"
        autoComplete="current-password"
        required
        error={refused ? problem.message : undefined}
        className="h-9"
      />
      <Button
        type="submit"
        variant="primary"
        className="h-9 justify-center"
        pending={pending ? 'Signing in…' : undefined}
      >
        Sign in
      </Button>
    </form>
  );
}
