import { BLOCK_SCOPES } from '@/lib/contracts';
import type { BlockDecision, BlockEntry, BlockFacts } from '../index';

/** What blocks mean, said as simply as possible: a list that is walked from end to end. Tests hold the product against it. */
export class ModelBlockList {
  entries: BlockEntry[] = [];

  set(entry: BlockEntry): void {
    this.entries = this.entries.filter((other) => !isSamePlace(other, entry));
    this.entries.push(entry);
  }

  end(id: string): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }

  decide(facts: BlockFacts, nowMs: number): BlockDecision | null {
    const matching = this.entries
      .filter(({ appId }) => appId === null || appId === facts.appId)
      .filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs)
      .filter((entry) => concerns(entry, facts))
      .sort(
        (a, b) =>
          width(a) - width(b) ||
          Number(a.appId === null) - Number(b.appId === null) ||
          (a.id < b.id ? -1 : 1),
      );
    const [block] = matching.filter(({ effect }) => effect === 'refuse');
    const [allow] = matching.filter(({ effect }) => effect === 'allow');
    const isLifted = (entry: BlockEntry) => allow !== undefined && width(allow) <= width(entry);
    const simulated = matching
      .filter((entry) => entry.effect === 'simulate' && !isLifted(entry))
      .map(({ id }) => id);
    if (block === undefined && simulated.length === 0) return null;
    return {
      block: block === undefined ? null : named(block),
      liftedBy: block !== undefined && allow !== undefined && isLifted(block) ? named(allow) : null,
      simulated: simulated.sort(),
    };
  }
}

const named = ({ id, scope }: BlockEntry) => ({ id, scope });

function isSamePlace(a: BlockEntry, b: BlockEntry): boolean {
  return a.scope === b.scope && a.appId === b.appId && a.target === b.target && a.effect === b.effect;
}

function width({ scope, target }: BlockEntry): number {
  const bits = scope === 'network' ? Number(target.split('/')[1]) : 0;
  return BLOCK_SCOPES.indexOf(scope) * 100 - bits;
}

/** Compared as texts and bits, without any of the product's own reading of networks. */
function concerns({ scope, target }: BlockEntry, facts: BlockFacts): boolean {
  switch (scope) {
    case 'instance':
      return facts.instanceId === target;
    case 'hardware':
      return facts.hardware === target;
    case 'app_version':
      return facts.appVersion === target;
    case 'os_build':
      return facts.osBuild === target;
    case 'signer':
      return facts.signers.includes(target);
    case 'asn':
      return String(facts.asn) === target;
    case 'country':
      return facts.country === target;
    case 'app':
      return facts.appId === target;
    case 'network':
      return holds(target, facts.network);
  }
}

function holds(target: string, network: BlockFacts['network']): boolean {
  if (network === null) return false;
  const [address = '', length = ''] = target.split('/');
  if (address.includes(':') !== (network.family === 6)) return false;
  const client =
    network.family === 4
      ? network.high.toString(2).padStart(32, '0')
      : network.high.toString(2).padStart(32, '0') + network.low.toString(2).padStart(16, '0');
  return client.startsWith(bitsOf(address).slice(0, Number(length)));
}

function bitsOf(address: string): string {
  if (!address.includes(':')) {
    return address
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('');
  }
  const groups = address
    .slice(0, address.indexOf('::'))
    .split(':')
    .filter((group) => group !== '');
  return [...groups, '0', '0', '0']
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}
