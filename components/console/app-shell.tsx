import type { ReactNode } from 'react';
import { LiveProvider } from '@/components/query/live-provider';
import type { NodesView } from '@/lib/contracts';
import type { AppChoice } from './app-choice';
import type { ShellUser } from './shell-user';
import { Brand, Sidebar } from './sidebar';
import { Topbar } from './topbar';

export interface AppShellProps {
  user: ShellUser;
  /** The apps that the person may see. */
  apps: readonly AppChoice[];
  /** The nodes as the server knows them now; `null` lets the browser ask. */
  nodes: NodesView | null;
  /** A server action, or a client function, that ends the session and leaves the page. */
  signOut: () => Promise<void>;
  /** What is told above every page. */
  banner?: ReactNode;
  children: ReactNode;
}

/** The frame around every page of the console: navigation, top bar, and the tab's live stream. */
export function AppShell({ user, apps, nodes, signOut, banner, children }: AppShellProps) {
  return (
    <LiveProvider>
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <div className="flex min-h-dvh">
        <aside className="w-53 shrink-0 border-r bg-sidebar max-lg:hidden">
          <div className="sticky top-0 h-dvh">
            <Sidebar nodes={nodes} head={<Brand />} />
          </div>
        </aside>
        <div className="min-w-0 flex-1">
          <Topbar user={user} apps={apps} nodes={nodes} signOut={signOut} />
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto grid max-w-[1680px] gap-3 px-3 pt-1 pb-6 outline-none sm:px-5"
          >
            {banner}
            {children}
          </main>
        </div>
      </div>
    </LiveProvider>
  );
}
