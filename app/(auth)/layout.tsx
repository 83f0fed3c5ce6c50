import type { ReactNode } from 'react';
import { Mark } from '@/components/ui/mark';

/** What the pages before signing in share: the name, and one narrow column. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-96 content-center gap-5 px-4 py-10">
      <p className="flex items-center justify-center gap-2.5 text-xl font-semibold">
        <Mark width={26} height={26} />
        Countersign
      </p>
      {children}
    </main>
  );
}
