import {
  Anchor,
  AppWindow,
  Ban,
  FileBadge,
  Gauge,
  KeyRound,
  KeySquare,
  ListChecks,
  type LucideIcon,
  Scale,
  ScrollText,
  Smartphone,
} from 'lucide-react';
import { CARRIED_PARAMS } from '@/components/query/carried-params';

export interface NavItem {
  label: string;
  href: string;
  icon: LucideIcon;
  /** Second key of its shortcut, after `g`. */
  key: string;
}

/** Every page of the navigation, by group. */
export const NAVIGATION: readonly { label: string; items: readonly NavItem[] }[] = [
  {
    label: 'Monitor',
    items: [
      { label: 'Overview', href: '/overview', icon: Gauge, key: 'o' },
      { label: 'Attestations', href: '/attestations', icon: ListChecks, key: 'a' },
      { label: 'Devices', href: '/devices', icon: Smartphone, key: 'd' },
    ],
  },
  {
    label: 'Control',
    items: [
      { label: 'Apps', href: '/apps', icon: AppWindow, key: 'p' },
      { label: 'Policies', href: '/policies', icon: Scale, key: 'l' },
      { label: 'Blocks', href: '/blocks', icon: Ban, key: 'b' },
      { label: 'API keys', href: '/api-keys', icon: KeyRound, key: 'k' },
      { label: 'Certificates', href: '/certificates', icon: FileBadge, key: 'c' },
    ],
  },
  { label: 'Assure', items: [{ label: 'Audit', href: '/audit', icon: ScrollText, key: 'u' }] },
  {
    label: 'Settings',
    items: [
      { label: 'Signing keys', href: '/settings/signing-keys', icon: KeySquare, key: 'y' },
      { label: 'Evidence sources', href: '/settings/evidence-sources', icon: Anchor, key: 'e' },
    ],
  },
];

/** Whether a page is the item's own or lies below it. */
export function isCurrent(item: NavItem, pathname: string): boolean {
  return pathname === item.href || pathname.startsWith(`${item.href}/`);
}

/** `href` with the range and the apps of the page that it is followed from. */
export function carryView(href: string, search: URLSearchParams): string {
  const carried = new URLSearchParams();
  for (const name of CARRIED_PARAMS) {
    for (const value of search.getAll(name)) carried.append(name, value);
  }
  const text = carried.toString();
  return text === '' ? href : `${href}?${text}`;
}
