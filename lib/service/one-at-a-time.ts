/**
 * Lets one call of `work` run at a time: who calls meanwhile gets the promise of the one that runs. Work that is done at
 * intervals would otherwise pile up behind a database that does not answer.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
