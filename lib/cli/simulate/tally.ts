import { VERDICTS } from '@/lib/contracts';

/** What happened since it was last asked. */
export interface Tally {
  count(what: string): void;
  /** One compact line, and the counts begin anew. */
  takeLine(): string;
}

const ATTESTATIONS = [...VERDICTS, 'blocked'];

/** Counts attestations by verdict and decisions of the gateway. */
export function createTally(): Tally {
  let counts = new Map<string, number>();
  const of = (what: string) => counts.get(what) ?? 0;
  return {
    count: (what) => void counts.set(what, of(what) + 1),
    takeLine: () => {
      const verdicts = ATTESTATIONS.map((verdict) => `${verdict} ${String(of(verdict)).padStart(3)}`).join(
        '  ',
      );
      const others = [...counts.keys()].filter(
        (what) => !ATTESTATIONS.includes(what) && what !== 'allowed' && what !== 'refused',
      );
      const rest = others.map((what) => `  ${what} ${of(what)}`).join('');
      const line = `${verdicts}  |  requests allowed ${String(of('allowed')).padStart(4)}  refused ${String(of('refused')).padStart(3)}${rest}`;
      counts = new Map();
      return line;
    },
  };
}
