import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrast, type Oklch, readTokens } from '@/components/ui/testing/contrast';

const TOKENS = readTokens(readFileSync(path.join(import.meta.dirname, 'globals.css'), 'utf8'));

const SURFACES = ['background', 'sidebar', 'card', 'raised'];
const VERDICTS = ['trusted', 'flagged', 'restricted', 'rejected', 'unknown'];
const TEXTS = ['ink', 'dim', 'faint', 'accent-text', ...VERDICTS.map((verdict) => `${verdict}-text`)];
const MARKS = ['accent', 'edge', ...VERDICTS];
const THEMES = ['light', 'dark'] as const;

function token(name: string, theme: (typeof THEMES)[number]): Oklch {
  const pair = TOKENS.get(name);
  if (pair === undefined) throw new Error(`There is no token --color-${name}.`);
  return pair[theme];
}

function pairs(names: readonly string[]): [string, string, (typeof THEMES)[number]][] {
  return THEMES.flatMap((theme) =>
    names.flatMap((name) =>
      SURFACES.map((surface): [string, string, typeof theme] => [name, surface, theme]),
    ),
  );
}

describe('tokens', () => {
  it.each(pairs(TEXTS))('text in %s on %s keeps 4.5:1 (%s)', (name, surface, theme) => {
    expect(contrast(token(name, theme), token(surface, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairs(MARKS))('a mark in %s on %s keeps 3:1 (%s)', (name, surface, theme) => {
    expect(contrast(token(name, theme), token(surface, theme))).toBeGreaterThanOrEqual(3);
  });

  it.each(THEMES)('text on the accent keeps 4.5:1 (%s)', (theme) => {
    expect(contrast(token('on-accent', theme), token('accent', theme))).toBeGreaterThanOrEqual(4.5);
  });
});
