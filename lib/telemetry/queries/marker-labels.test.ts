import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MARKER_LABELS } from './marker-labels';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Every act that some verb of the product records, as its source names it. */
function recordedActions(): string[] {
  const files = readdirSync(path.join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const actions = files.flatMap((file) =>
    [...readFileSync(path.join(ROOT, 'lib', file), 'utf8').matchAll(/action: '([a-z_]+\.[a-z_]+)'/g)].map(
      ([, action]) => action ?? '',
    ),
  );
  return [...new Set(actions)].sort();
}

/** Acts that change nothing about which a chart could tell. */
const OF_STAFF_ONLY = /^(session|staff|setup|setup_token|view)\./;

describe('acts that are recorded', () => {
  const actions = recordedActions();

  it('are found in the sources', () => {
    expect(actions.length).toBeGreaterThan(40);
    expect(actions).toContain('pins.publish');
  });

  it('have words for the audit log', () => {
    const words = readFileSync(path.join(ROOT, 'components/audit/audit-words.ts'), 'utf8');
    expect(actions.filter((action) => !words.includes(`'${action}': '`))).toEqual([]);
  });

  it('have a label beside charts, where they change what is enforced', () => {
    const changes = actions.filter((action) => !OF_STAFF_ONLY.test(action));
    expect(changes.filter((action) => MARKER_LABELS[action] === undefined)).toEqual([]);
  });
});
