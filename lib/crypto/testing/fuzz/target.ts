import type { FuzzRandom } from './random';

/** One parser or verifier under hostile input. */
export interface FuzzTarget {
  readonly name: string;
  /** What is mutated into what it is given. */
  readonly what: string;
  /**
   * Draws an input, and returns the act that is measured: it says whether something was accepted that should not have
   * been. It must not throw.
   */
  next(random: FuzzRandom): () => boolean;
}
