import type { AuthenticToken } from '@/lib/tokens';

/** Characters of an ES256 signature, the last part of every token. */
const SIGNATURE_LENGTH = 86;

interface Entry {
  readonly text: string;
  readonly token: AuthenticToken;
}

/**
 * Tokens whose signature was verified, found by their exact text; knows nothing of expiry, cut-offs and blocks. Holds at
 * most `capacity` (and at least two) tokens of about 3 KB each. What was not asked for during the last half of them is forgotten together:
 * two generations make a hit one look-up, where a linked list would be rewritten on every request.
 */
export class TokenCache {
  readonly #generationSize: number;
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();

  constructor(capacity: number) {
    this.#generationSize = Math.max(1, Math.floor(capacity / 2));
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(text: string): AuthenticToken | undefined {
    // The signature alone is hashed, which costs a tenth of the text; the text then decides.
    const signature = text.slice(-SIGNATURE_LENGTH);
    const young = this.#young.get(signature);
    if (young !== undefined) return young.text === text ? young.token : undefined;
    const old = this.#old.get(signature);
    if (old === undefined || old.text !== text) return undefined;
    this.#old.delete(signature);
    this.#add(signature, old);
    return old.token;
  }

  /** Remembers a token that `authenticateToken` has just verified. */
  set(text: string, token: AuthenticToken): void {
    const signature = text.slice(-SIGNATURE_LENGTH);
    this.#old.delete(signature);
    this.#add(signature, { text, token });
  }

  #add(signature: string, entry: Entry): void {
    this.#young.set(signature, entry);
    if (this.#young.size <= this.#generationSize) return;
    this.#young.delete(signature);
    this.#old = this.#young;
    this.#young = new Map([[signature, entry]]);
  }
}
