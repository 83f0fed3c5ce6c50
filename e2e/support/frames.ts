import type { Page } from '@playwright/test';

/** How smooth a page was. Times in milliseconds. */
export interface Smoothness {
  frames: number;
  /** What a frame cost the page's main thread, whatever else the machine was doing. */
  workMs: number;
  p95Ms: number;
  longestMs: number;
  /** Tasks that kept the page from answering for more than 50 ms. */
  longTasks: number[];
}

interface Watch {
  times: number[];
  longTasks: number[];
  running: boolean;
}

/** Watches a page's frames and long tasks until `end`. */
export async function watchFrames(page: Page): Promise<{ end: () => Promise<Smoothness> }> {
  const watch = await page.evaluateHandle((): Watch => {
    const state: Watch = { times: [], longTasks: [], running: true };
    new PerformanceObserver((list) => {
      if (state.running) state.longTasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
    const tick = (time: number) => {
      state.times.push(time);
      if (state.running) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    return state;
  });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
  };
  const beganAt = await worked();
  const end = async () => {
    const total = (await worked()) - beganAt;
    await session.detach();
    const seen = await watch.evaluate((state) => {
      state.running = false;
      const gaps = state.times.slice(1).map((time, index) => time - (state.times[index] ?? time));
      const sorted = gaps.toSorted((a, b) => a - b);
      return {
        frames: gaps.length,
        p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
        longestMs: sorted.at(-1) ?? 0,
        longTasks: state.longTasks,
      };
    });
    return { ...seen, workMs: total / Math.max(seen.frames, 1) };
  };
  return { end };
}
