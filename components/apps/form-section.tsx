import type { ReactNode } from 'react';
import { Card } from '@/components/ui/card';

export interface FormSectionProps {
  title: string;
  description: ReactNode;
  children: ReactNode;
}

/** A part of a long form: what it is about at the left, its fields at the right. */
export function FormSection({ title, description, children }: FormSectionProps) {
  return (
    <Card className="grid gap-x-8 gap-y-4 p-4 lg:grid-cols-[15rem_minmax(0,1fr)] lg:p-5">
      <header className="grid content-start gap-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-sm text-dim">{description}</p>
      </header>
      <div className="grid content-start gap-4">{children}</div>
    </Card>
  );
}
