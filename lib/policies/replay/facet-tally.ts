import type { ReplayFigures } from '@/lib/contracts';

/** How many attestations of one value there were, and how many of them flip. */
export interface FacetCounter {
  readonly value: string | null;
  events: number;
  stricter: number;
  milder: number;
}

const MOST_VALUES = 1_000;
const MOST_SHOWN = 20;

/** A text of its own: a part of a page would hold on to the whole page for as long as it is remembered. */
export function ownText(part: string): string {
  return Buffer.from(part, 'utf8').toString('utf8');
}

/** A value that may be kept, with its counter. */
interface FacetEntry {
  readonly value: string;
  readonly counter: FacetCounter;
}

/** Counters of one facet; values beyond the first thousand are counted together. */
export class FacetTally {
  readonly #values = new Map<string, FacetEntry>();
  readonly #others: FacetCounter = { value: null, events: 0, stricter: 0, milder: 0 };

  /** The counter of a value. */
  of(value: string): FacetEntry {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    const own = ownText(value);
    if (this.#values.size >= MOST_VALUES) return { value: own, counter: this.#others };
    const made = { value: own, counter: { value: own, events: 0, stricter: 0, milder: 0 } };
    this.#values.set(own, made);
    return made;
  }

  /** Most flips first; what is not shown by itself is shown together. */
  shown(): ReplayFigures['by']['threat'] {
    const all = Array.from(this.#values.values(), ({ counter }) => counter).sort(
      (a, b) =>
        b.stricter + b.milder - (a.stricter + a.milder) ||
        b.events - a.events ||
        ((a.value ?? '') < (b.value ?? '') ? -1 : 1),
    );
    const others = { ...this.#others };
    for (const { events, stricter, milder } of all.slice(MOST_SHOWN)) {
      others.events += events;
      others.stricter += stricter;
      others.milder += milder;
    }
    const shown = all.slice(0, MOST_SHOWN).map((counter) => ({ ...counter }));
    return others.events > 0 ? [...shown, others] : shown;
  }
}
