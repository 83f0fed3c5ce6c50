import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { consoleProcess } from '@/app/api/context';
import { currentActor } from '@/app/api/current-actor';
import { AuthCard } from '@/components/auth/auth-card';
import { SignInForm } from '@/components/auth/sign-in-form';
import { Notice } from '@/components/ui/notice';
import { isSetUp } from '@/lib/auth';
import { returnPath } from '../return-path';

export const metadata: Metadata = { title: 'Sign in' };

/** Asks who is there; whoever is signed in goes on to where they wanted. */
export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ callbackUrl?: string | string[] }>;
}) {
  const { callbackUrl } = await searchParams;
  const target = returnPath(typeof callbackUrl === 'string' ? callbackUrl : null);
  if (await currentActor()) redirect(target);
  const ready = await isSetUp(consoleProcess().db);
  return (
    <AuthCard title="Sign in">
      {ready ? null : (
        <Notice tone="flagged" lead="Nobody can sign in yet.">
          Open the setup link that the server printed when it started.
        </Notice>
      )}
      <SignInForm target={target} />
    </AuthCard>
  );
}
