import { expect, test } from 'vitest';
import { compilePolicy, TEMPLATES } from '@/lib/appraisal';
import { Replay } from './replay';

/** A row as `readReplayPages` gives it, of an attestation that was recorded without facts. */
function rowWithoutFacts(index: number): string {
  const id = `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
  const fields = ['', 'ios', '26.5', '5.4.0', 'iPhone18,1', 'PT', 'access', ''];
  return `${id}${id}${String(1_795_000_000_000 + index)}ABCD-EFGH${fields.join('\u001f')}`;
}

test('skips rows without facts, each at the cost of that row alone', { timeout: 10_000 }, () => {
  const policy = compilePolicy(TEMPLATES.balanced);
  const replay = new Replay(policy, policy);
  const rows = 50_000;
  // Were each searched for in all of the page before it, this would take minutes.
  replay.addPage(Array.from({ length: rows }, (_, index) => rowWithoutFacts(index)).join('\u001e'));
  expect(replay.figures()).toMatchObject({ events: 0, skipped: rows });
});
