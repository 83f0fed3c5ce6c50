'use client';

import { type FormEvent, useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { apiFetch } from '@/components/query/api-fetch';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { PasswordChecklist } from './password-checklist';
import { PasswordField } from './password-field';
import { signIn } from './session';

const OWNER_FIELDS = [
  { name: 'name', label: 'Your name', type: 'text', autoComplete: 'name', autoFocus: true },
  { name: 'email', label: 'E-mail address', type: 'email', autoComplete: 'username', autoFocus: false },
] as const;

/** Name, address and password of the first administrator, who is signed in right away. */
export function SetupForm({ token }: { token: string }) {
  const [values, setValues] = useState({ name: '', email: '', password: '' });
  const { problem, pending, submit } = useSetup(token, values);
  const set = (name: keyof typeof values, value: string) => setValues({ ...values, [name]: value });
  const inPlace = problem !== undefined && Object.keys(problem.fields).some((field) => field in values);
  return (
    // `post`, so that a browser that is faster than our script puts no password into the address.
    <form method="post" onSubmit={submit} className="grid gap-4">
      {problem === undefined || inPlace ? null : <Notice tone="rejected">{problem.message}</Notice>}
      {OWNER_FIELDS.map(({ name, label, ...input }) => (
        <Field key={name} label={label} error={problem?.fields[name]}>
          {(control) => (
            <Input
              {...input}
              {...control}
              name={name}
              required
              className="h-9"
              value={values[name]}
              onChange={(event) => set(name, event.target.value)}
            />
          )}
        </Field>
      ))}
      <PasswordField
        label="Password"
        name="password"
        autoComplete="new-password"
        required
        className="h-9"
        error={problem?.fields.password}
        value={values.password}
        onChange={(event) => set('password', event.target.value)}
      />
      <div className="-mt-2 text-sm">
        <PasswordChecklist password={values.password} owner={values} />
        <p className="mt-1.5 text-faint">A few unrelated words are easy to remember and hard to guess.</p>
      </div>
      <Button
        type="submit"
        variant="primary"
        className="h-9 justify-center"
        pending={pending ? 'Setting up…' : undefined}
      >
        Create the account and sign in
      </Button>
    </form>
  );
}

/** Makes the administrator, signs them in, and loads the console. */
function useSetup(token: string, values: { name: string; email: string; password: string }) {
  const [problem, setProblem] = useState<ApiError>();
  const [pending, setPending] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setProblem(undefined);
    try {
      await apiFetch('/api/setup', { method: 'POST', body: { token, ...values } });
    } catch (error) {
      setProblem(toApiError(error));
      setPending(false);
      return;
    }
    // The account exists from here on: whatever fails now, the sign-in page is where to go on.
    await signIn(values.email, values.password).then(
      () => location.assign('/'),
      () => location.assign('/sign-in'),
    );
  };
  return { problem, pending, submit };
}
