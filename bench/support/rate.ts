/**
 * Calls per second of a synchronous function: three windows of `windowMs` after a warm-up, the middle one.
 * `work` is given a running number, so that it can take a different input each time.
 */
export function measureRate(work: (index: number) => void, windowMs = 700): number {
  let index = 0;
  const window = (length: number) => {
    const start = process.hrtime.bigint();
    const end = start + BigInt(length) * 1_000_000n;
    let calls = 0;
    let now = start;
    while (now < end) {
      for (let step = 0; step < 32; step++) work(index++);
      calls += 32;
      now = process.hrtime.bigint();
    }
    return calls / (Number(now - start) / 1e9);
  };
  window(windowMs / 2);
  return [window(windowMs), window(windowMs), window(windowMs)].sort((a, b) => a - b)[1] ?? 0;
}
