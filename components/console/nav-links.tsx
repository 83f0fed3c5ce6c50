'use client';

import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { cx } from '@/components/ui/cx';
import { carryView, isCurrent, NAVIGATION } from './navigation';

/** The navigation's links; they keep the range and the apps that are being looked at. */
export function NavLinks({ onFollow }: { onFollow?: () => void }) {
  const pathname = usePathname();
  const search = useSearchParams();
  return (
    <nav aria-label="Main" className="grid gap-4">
      {NAVIGATION.map((group) => (
        <div key={group.label}>
          <h2 className="px-2.5 pb-1 text-sm font-normal text-faint">{group.label}</h2>
          <ul className="grid gap-px">
            {group.items.map((item) => {
              const current = isCurrent(item, pathname);
              return (
                <li key={item.href}>
                  <Link
                    href={carryView(item.href, search)}
                    onClick={() => onFollow?.()}
                    aria-current={current ? 'page' : undefined}
                    className={cx(
                      'flex h-[30px] items-center gap-2.5 rounded-control px-2.5 transition-colors',
                      current
                        ? 'bg-raised font-medium text-ink'
                        : 'text-dim hover:bg-raised/60 hover:text-ink',
                    )}
                  >
                    <item.icon aria-hidden size={15} strokeWidth={1.75} />
                    {item.label}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
