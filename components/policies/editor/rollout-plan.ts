import type { RolloutPlan } from '@/lib/contracts';

/** How the stages of a rollout follow each other. */
export const HOLDS: readonly { id: string; label: string; seconds: number | null }[] = [
  { id: 'hand', label: 'Each by hand', seconds: null },
  { id: '10m', label: 'Every 10 minutes, by themselves', seconds: 600 },
  { id: '1h', label: 'Every hour, by themselves', seconds: 3_600 },
  { id: '6h', label: 'Every 6 hours, by themselves', seconds: 21_600 },
  { id: '1d', label: 'Every day, by themselves', seconds: 86_400 },
];

/** The plan of a choice; by hand where there is none of that id. */
export function planOf(id: string): RolloutPlan {
  const seconds = HOLDS.find((hold) => hold.id === id)?.seconds ?? null;
  return { observe: seconds, '1': seconds, '10': seconds, '50': seconds };
}
