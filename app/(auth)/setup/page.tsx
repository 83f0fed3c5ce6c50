import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { consoleProcess } from '@/app/api/context';
import { AuthCard } from '@/components/auth/auth-card';
import { SetupForm } from '@/components/auth/setup-form';
import { Notice } from '@/components/ui/notice';
import { isSetUp, isSetupTokenGood } from '@/lib/auth';

export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' };

/** Lets the first administrator in by the one-time link; afterwards there is nothing here. */
export default async function SetupPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { db, time } = consoleProcess();
  if (await isSetUp(db)) redirect('/sign-in');
  const { token } = await searchParams;
  const usable = typeof token === 'string' && (await isSetupTokenGood({ db, clock: time.clock }, token));
  return (
    <AuthCard
      title="Make the first administrator"
      description="Who may register apps, publish policies and let the others in."
    >
      {usable ? (
        <SetupForm token={token} />
      ) : (
        <Notice tone="rejected" lead="This link does not work.">
          It is wrong, was used, or is older than a day. Restart the server to have a new one printed.
        </Notice>
      )}
    </AuthCard>
  );
}
