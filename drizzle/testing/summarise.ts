import type { TestDatabase } from './test-database';

/** Makes all sums that are due, as the scheduled work does minute by minute. */
export async function summarise({ service }: Pick<TestDatabase, 'service'>): Promise<void> {
  for (;;) {
    const [row] = await service.sql<{ more: boolean }[]>`select countersign_summarise() as more`;
    if (row?.more !== true) return;
  }
}
