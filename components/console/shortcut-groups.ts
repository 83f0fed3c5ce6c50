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
