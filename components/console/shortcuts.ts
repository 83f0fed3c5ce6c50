import { NAVIGATION } from './navigation';

/** A shortcut as the help lists it: keys one after the other. */
export interface Shortcut {
  keys: readonly string[];
  label: string;
}

/** Every shortcut of the console, by where it works. */
export const SHORTCUT_GROUPS: readonly { label: string; shortcuts: readonly Shortcut[] }[] = [
  {
    label: 'Everywhere',
    shortcuts: [
      { keys: ['Ctrl', 'K'], label: 'Open the command palette' },
      { keys: ['/'], label: 'Search' },
      { keys: ['P'], label: 'Pause or resume the live view' },
      { keys: ['?'], label: 'Show this help' },
    ],
  },
  {
    label: 'Go to',
    shortcuts: NAVIGATION.flatMap((group) =>
      group.items.map((item) => ({ keys: ['G', item.key.toUpperCase()], label: item.label })),
    ),
  },
  {
    label: 'In tables',
    shortcuts: [
      { keys: ['J'], label: 'Next row' },
      { keys: ['K'], label: 'Previous row' },
      { keys: ['Enter'], label: 'Open the row' },
      { keys: ['X'], label: 'Select the row' },
      { keys: ['Esc'], label: 'Close the panel' },
    ],
  },
  {
    label: 'In charts',
    shortcuts: [
      { keys: ['←', '→'], label: 'Move through the buckets' },
      { keys: ['Shift', '→'], label: 'Select a period' },
      { keys: ['Enter'], label: 'Zoom to the selection' },
      { keys: ['Esc'], label: 'Reset the zoom' },
    ],
  },
];

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
