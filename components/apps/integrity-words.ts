import type { IntegrityRequest } from '@/lib/contracts';

/** What each kind of request is, for who decides on it. */
export const REQUEST_WORDS: Readonly<
  Record<IntegrityRequest | 'none', { label: string; description: string }>
> = {
  none: { label: 'None', description: 'Tokens that devices send are passed over.' },
  classic: {
    label: 'Classic',
    description:
      'Opened here with the app’s response keys: nothing is asked of Google, and no quota is used.',
  },
  standard: {
    label: 'Standard',
    description: 'Decoded by Google through a service account, within its daily quota.',
  },
};
