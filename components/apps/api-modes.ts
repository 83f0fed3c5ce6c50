import type { BadgeTone } from '@/components/ui/badge';
import type { ApiSnapshot } from '@/lib/contracts';

/** What each mode of a protected API does, in a sentence. */
export const API_MODES: Readonly<
  Record<ApiSnapshot['mode'], { label: string; description: string; tone: BadgeTone }>
> = {
  observe: {
    label: 'Observe',
    description: 'Everything is let through; who would be refused is counted.',
    tone: 'neutral',
  },
  enforce: {
    label: 'Enforce',
    description: 'Requests without a good token are refused.',
    tone: 'trusted',
  },
};
