import { NAVIGATION } from './navigation';

/** What a key press asks for. */
export type ShortcutAct =
  | { kind: 'palette' }
  | { kind: 'search' }
  | { kind: 'pause' }
  | { kind: 'help' }
  | { kind: 'go'; href: string };

/** The part of a key press that counts. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const SINGLE: Readonly<Record<string, ShortcutAct>> = {
  '/': { kind: 'search' },
  '?': { kind: 'help' },
  p: { kind: 'pause' },
};
const GO: ReadonlyMap<string, string> = new Map(
  NAVIGATION.flatMap((group) => group.items.map((item): [string, string] => [item.key, item.href])),
);

/**
 * The act that a key press asks for, after the key before it (`g` waits for a second one). While somebody types, only
 * the palette's chord counts.
 */
export function readShortcut(
  press: KeyPress,
  before: string | null,
  typing: boolean,
): ShortcutAct | undefined {
  const key = press.key.toLowerCase();
  if ((press.ctrlKey || press.metaKey) && !press.altKey && key === 'k') return { kind: 'palette' };
  if (typing || press.ctrlKey || press.metaKey || press.altKey) return undefined;
  if (before === 'g') {
    const href = GO.get(key);
    return href === undefined ? undefined : { kind: 'go', href };
  }
  return SINGLE[key];
}
