import type { ReactNode } from 'react';
import { pageContext } from '@/app/api/current-actor';
import { DefaultRangeProvider } from '@/components/query/default-range';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import { listApps } from '@/lib/apps';
import { viewNodes } from '@/lib/changes';
import { readExceptions } from '@/lib/policies';
import { ConsoleShell } from './console-shell';
import { defaultRange } from './default-range';
import { roleLabel } from './role-label';

/** The frame of every page behind the sign-in, with who is signed in. Each page and each verb asks for itself again. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const context = await pageContext();
  const { name, email, grants } = context.actor;
  const user = { name, email };
  // Every role may read: only somebody without any is refused what the frame itself shows.
  if (grants.length === 0) {
    return (
      <ConsoleShell
        user={{ ...user, role: roleLabel([], []) }}
        apps={[]}
        nodes={null}
        exceptions={{ exceptions: [] }}
      >
        <Card aria-label="No role">
          <EmptyState title="You have no role yet">
            Ask an administrator for one, then load this page again.
          </EmptyState>
        </Card>
      </ConsoleShell>
    );
  }
  const [{ apps }, nodes, exceptions, range] = await Promise.all([
    listApps(context),
    viewNodes(context),
    readExceptions(context),
    defaultRange(),
  ]);
  const choices = apps.map((app) => ({ id: app.id, name: app.name }));
  return (
    <DefaultRangeProvider range={range}>
      <ConsoleShell
        user={{ ...user, role: roleLabel(grants, choices) }}
        apps={choices}
        nodes={nodes}
        exceptions={exceptions}
      >
        {children}
      </ConsoleShell>
    </DefaultRangeProvider>
  );
}
