import type { ReactNode } from 'react';
import { Card } from '@/components/ui/card';

export interface AuthCardProps {
  title: string;
  /** One sentence under the title. */
  description?: ReactNode;
  children: ReactNode;
}

/** The one card of a page before signing in. */
export function AuthCard({ title, description, children }: AuthCardProps) {
  return (
    <Card className="grid gap-5 p-5 sm:p-6">
      <header className="grid gap-1">
        <h1 className="text-lg font-semibold">{title}</h1>
        {description === undefined ? null : <p className="text-dim">{description}</p>}
      </header>
      {children}
    </Card>
  );
}
