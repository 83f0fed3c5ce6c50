import { BLOCK_EFFECTS, BLOCK_SCOPES, type BlockEffect, type BlockScope } from '@/lib/contracts';
import { EntryTable } from './entry-table';
import type { BlockDecision, BlockEntry, BlockFacts, DecidingEntry } from './facts';
import {
  bitsOfKey,
  KEY_WORDS,
  Names,
  SCOPE_INDEX,
  uuidAt,
  writeCountryKey,
  writeHexKey,
  writeNumberKey,
  writeTargetKey,
} from './key';
import { highMask, lowMask, type NetworkKey } from './network';

const EFFECT_INDEX = Object.fromEntries(BLOCK_EFFECTS.map((effect, index) => [effect, index])) as Readonly<
  Record<BlockEffect, number>
>;
const { refuse: REFUSE, simulate: SIMULATE, allow: ALLOW } = EFFECT_INDEX;
/** Where the parts of an entry's meta word begin: scope, effect, prefix length, app. */
const EFFECT_SHIFT = 4;
const BITS_SHIFT = 6;
const APP_SHIFT = 12;
const EVERY_APP = 0;
/** No entry is as wide as this. */
const NO_RANK = 1 << 20;
const NOTHING_SIMULATED: readonly string[] = [];

interface Found {
  readonly index: number;
  readonly rank: number;
}

/**
 * Blocks and allowlist entries in force, and what they make of whoever asks. One entry stands per scope, app, target and
 * effect: another one takes its place. Exact to the millisecond: what has ended decides nothing, whether it was dropped or not.
 *
 * Precedence: the narrowest block decides. An allowlist entry lifts every block that is as wide as itself or wider, and
 * none that is narrower. Simulations refuse nobody; they tell what they would refuse after the same rule.
 */
export class BlockList {
  readonly #table: EntryTable;
  readonly #apps = new Names();
  readonly #names = new Names();
  #simulations = 0;
  readonly #counts = new Uint32Array(BLOCK_SCOPES.length);
  /** How many networks there are of each length, by family. */
  readonly #lengths = { 4: new Uint32Array(49), 6: new Uint32Array(49) };
  readonly #key = new Uint32Array(KEY_WORDS);
  readonly #id = new Uint32Array(KEY_WORDS);
  // What a decision has found so far.
  #block = -1;
  #blockRank = NO_RANK;
  #allow = -1;
  #allowRank = NO_RANK;
  #simulated: Found[] = [];

  /** `expected` entries are made room for. */
  constructor(expected = 0) {
    this.#table = new EntryTable(expected);
  }

  get size(): number {
    return this.#table.size;
  }

  /** Memory of the entries, in bytes. */
  get bytes(): number {
    return this.#table.bytes;
  }

  /** Puts an entry in force; `false` where its target or its id cannot be read. */
  set(entry: BlockEntry): boolean {
    const { scope, target, effect, appId, id, expiresAtMs } = entry;
    if (!writeTargetKey(this.#key, scope, target, this.#names) || !writeHexKey(this.#id, id)) return false;
    const app = appId === null ? EVERY_APP : this.#apps.add(appId);
    const bits = bitsOfKey(scope, this.#key);
    const meta =
      SCOPE_INDEX[scope] | (EFFECT_INDEX[effect] << EFFECT_SHIFT) | (bits << BITS_SHIFT) | (app << APP_SHIFT);
    const slot = this.#slotOf(scope, meta);
    if (slot >= 0) this.#remove(slot);
    this.#table.add(this.#key, this.#id, meta, expiresAtMs ?? Number.POSITIVE_INFINITY);
    this.#count(meta, this.#key[0] ?? 0, 1);
    return true;
  }

  /** Ends an entry; another one that took its place stays. */
  end({ scope, target, effect, appId, id }: Omit<BlockEntry, 'expiresAtMs'>): void {
    if (!writeTargetKey(this.#key, scope, target, this.#names) || !writeHexKey(this.#id, id)) return;
    const app = appId === null ? EVERY_APP : this.#apps.find(appId);
    if (app === undefined) return;
    const bits = bitsOfKey(scope, this.#key);
    const meta =
      SCOPE_INDEX[scope] | (EFFECT_INDEX[effect] << EFFECT_SHIFT) | (bits << BITS_SHIFT) | (app << APP_SHIFT);
    const slot = this.#slotOf(scope, meta);
    if (slot >= 0 && this.#compareId(this.#table.at(slot), this.#id, 0) === 0) this.#remove(slot);
  }

  /** Forgets what has ended. */
  dropEnded(nowMs: number): void {
    this.#table.removeEnded(nowMs, (index) =>
      this.#count(this.#table.meta(index), this.#firstWord(index), -1),
    );
  }

  /** What is decided of somebody at a moment; `null` where nothing concerns them. */
  decide(facts: BlockFacts, nowMs: number): BlockDecision | null {
    if (this.#table.size === 0) return null;
    this.#block = -1;
    this.#blockRank = NO_RANK;
    this.#allow = -1;
    this.#allowRank = NO_RANK;
    if (this.#simulated.length > 0) this.#simulated = [];
    this.#probeAll(facts, this.#apps.find(facts.appId) ?? EVERY_APP, nowMs);
    const simulated = this.#simulatedIds();
    if (this.#block < 0) return simulated.length === 0 ? null : { block: null, liftedBy: null, simulated };
    const isLifted = this.#allowRank <= this.#blockRank;
    return {
      block: this.#deciding(this.#block),
      liftedBy: isLifted ? this.#deciding(this.#allow) : null,
      simulated,
    };
  }

  #probeAll(facts: BlockFacts, app: number, nowMs: number): void {
    const key = this.#key;
    if (facts.instanceId !== null && this.#seeks('instance') && writeHexKey(key, facts.instanceId)) {
      this.#probe('instance', app, nowMs);
    }
    if (facts.hardware !== null && this.#seeks('hardware') && writeHexKey(key, facts.hardware)) {
      this.#probe('hardware', app, nowMs);
    }
    if (facts.network !== null && this.#seeks('network')) this.#probeNetworks(facts.network, app, nowMs);
    if (facts.appVersion !== null) this.#probeName('app_version', facts.appVersion, app, nowMs);
    if (facts.osBuild !== null) this.#probeName('os_build', facts.osBuild, app, nowMs);
    if (facts.asn !== null && this.#seeks('asn')) {
      writeNumberKey(key, facts.asn);
      this.#probe('asn', app, nowMs);
    }
    if (this.#seeks('signer')) {
      for (const signer of facts.signers) if (writeHexKey(key, signer)) this.#probe('signer', app, nowMs);
    }
    if (facts.country !== null && this.#seeks('country')) {
      writeCountryKey(key, facts.country);
      this.#probe('country', app, nowMs);
    }
    this.#probeName('app', facts.appId, app, nowMs);
  }

  /** Whether entries of this scope could change what is found: nothing wider than a block lifts it. */
  #seeks(scope: BlockScope): boolean {
    if (this.#block >= 0 && this.#simulations === 0) return false;
    return (this.#counts[SCOPE_INDEX[scope]] ?? 0) > 0;
  }

  #probeName(scope: BlockScope, text: string, app: number, nowMs: number): void {
    if (!this.#seeks(scope)) return;
    const name = this.#names.find(text);
    if (name === undefined) return;
    writeNumberKey(this.#key, name);
    this.#probe(scope, app, nowMs);
  }

  /** The client's network and those around it, of the lengths that there are. */
  #probeNetworks(network: NetworkKey, app: number, nowMs: number): void {
    const { family, high, low } = network;
    const lengths = this.#lengths[family];
    const key = this.#key;
    for (let bits = network.bits; bits > 0 && this.#seeks('network'); bits--) {
      if (lengths[bits] === 0) continue;
      key[0] = (family << 8) | bits;
      key[1] = high & highMask(bits);
      key[2] = low & lowMask(bits);
      key[3] = 0;
      this.#probe('network', app, nowMs);
    }
  }

  /** Takes in every entry under the key that stands for this app at this moment. */
  #probe(scope: BlockScope, app: number, nowMs: number): void {
    const table = this.#table;
    const scopeIndex = SCOPE_INDEX[scope];
    let slot = table.first(scopeIndex, this.#key);
    for (; slot >= 0; slot = table.next(slot, scopeIndex, this.#key)) {
      const index = table.at(slot);
      const entryApp = table.meta(index) >>> APP_SHIFT;
      if ((entryApp === EVERY_APP || entryApp === app) && table.endsAtMs(index) > nowMs)
        this.#consider(index);
    }
  }

  #consider(index: number): void {
    const meta = this.#table.meta(index);
    // Scopes from narrow to wide, and within networks the longer prefix first.
    const rank = (meta & 0xf) * 64 + 63 - ((meta >>> BITS_SHIFT) & 63);
    const effect = (meta >>> EFFECT_SHIFT) & 3;
    if (effect === SIMULATE) this.#simulated.push({ index, rank });
    if (effect === ALLOW && this.#comesFirst(index, rank, this.#allow, this.#allowRank)) {
      this.#allow = index;
      this.#allowRank = rank;
    }
    if (effect === REFUSE && this.#comesFirst(index, rank, this.#block, this.#blockRank)) {
      this.#block = index;
      this.#blockRank = rank;
    }
  }

  /** Narrow before wide, then what is of one app before what is of every one, then the older id: the same on every node. */
  #comesFirst(index: number, rank: number, than: number, thanRank: number): boolean {
    if (rank !== thanRank) return rank < thanRank;
    const isOfAll = this.#table.meta(index) >>> APP_SHIFT === EVERY_APP;
    const thanIsOfAll = this.#table.meta(than) >>> APP_SHIFT === EVERY_APP;
    if (isOfAll !== thanIsOfAll) return thanIsOfAll;
    return this.#compareId(index, this.#table.words, this.#table.idAt(than)) < 0;
  }

  #compareId(index: number, words: Uint32Array, at: number): number {
    const own = this.#table.idAt(index);
    for (let word = 0; word < KEY_WORDS; word++) {
      const difference = (this.#table.words[own + word] ?? 0) - (words[at + word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #deciding(index: number): DecidingEntry {
    const scope = BLOCK_SCOPES[this.#table.meta(index) & 0xf] ?? 'instance';
    return { id: uuidAt(this.#table.words, this.#table.idAt(index)), scope };
  }

  #simulatedIds(): readonly string[] {
    if (this.#simulated.length === 0) return NOTHING_SIMULATED;
    return this.#simulated
      .filter(({ rank }) => rank < this.#allowRank)
      .map(({ index }) => uuidAt(this.#table.words, this.#table.idAt(index)))
      .sort();
  }

  /** The slot of the entry with the key that was written and this meta word; -1 where there is none. */
  #slotOf(scope: BlockScope, meta: number): number {
    const table = this.#table;
    const scopeIndex = SCOPE_INDEX[scope];
    let slot = table.first(scopeIndex, this.#key);
    while (slot >= 0 && table.meta(table.at(slot)) !== meta >>> 0) {
      slot = table.next(slot, scopeIndex, this.#key);
    }
    return slot;
  }

  #remove(slot: number): void {
    const index = this.#table.at(slot);
    this.#count(this.#table.meta(index), this.#firstWord(index), -1);
    this.#table.remove(slot);
  }

  #firstWord(index: number): number {
    return this.#table.words[this.#table.idAt(index) - KEY_WORDS] ?? 0;
  }

  #count(meta: number, firstWord: number, by: 1 | -1): void {
    const scope = meta & 0xf;
    this.#counts[scope] = (this.#counts[scope] ?? 0) + by;
    if (((meta >>> EFFECT_SHIFT) & 3) === SIMULATE) this.#simulations += by;
    if (scope !== SCOPE_INDEX.network) return;
    const lengths = this.#lengths[firstWord >>> 8 === 6 ? 6 : 4];
    const bits = (meta >>> BITS_SHIFT) & 63;
    lengths[bits] = (lengths[bits] ?? 0) + by;
  }
}
