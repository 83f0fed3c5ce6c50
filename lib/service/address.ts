import { createHmac } from 'node:crypto';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { type NetworkKey, parseNetwork } from '@/lib/block-list';
import type { NetworkKind } from '@/lib/contracts';
import { createNetworks, type Networks } from '@/lib/enrichment';

/** What is kept of a client's address: never the address itself. */
export interface ClientNetwork {
  /** HMAC-SHA256 of the address under a key of this installation, 16 bytes. */
  readonly addressHash: Buffer;
  /** The /24 (IPv4) or /48 (IPv6) that holds it, e.g. `203.0.113.0/24`. */
  readonly prefix: string;
  /** The same as blocks are compared with. */
  readonly key: NetworkKey | null;
  /** ISO 3166-1 alpha-2; `null` where it is not known. */
  readonly country: string | null;
  /** Number of the network that announces the address; `null` where it is not known. */
  readonly asn: number | null;
  readonly kind: NetworkKind;
}

const CACHE_SIZE = 16_384;
const HASH_BYTES = 16;
const MAX_FORWARDED_HOPS = 32;
const MAX_CACHED_HEADER = 128;

/** A set of address ranges. IPv4, which most are, is compared as numbers: `BlockList` makes two objects per question. */
export class AddressRanges {
  readonly #v4: { readonly network: number; readonly mask: number }[] = [];
  readonly #v6 = new BlockList();

  /** @throws TypeError naming an entry that is neither an address nor a CIDR range */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  /** Whether an address in its plain form lies in one of the ranges. */
  contains(address: string): boolean {
    const number = ipv4Number(address);
    if (number === undefined) return this.#v6.check(address, 'ipv6');
    for (const { network, mask } of this.#v4) if ((number & mask) >>> 0 === network) return true;
    return false;
  }

  #add(entry: string): void {
    const [address = '', length, ...rest] = entry.split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const bits = length === undefined ? most : Number(length);
    const isLengthValid = length === undefined || /^\d{1,3}$/.test(length);
    if (family === 0 || rest.length > 0 || !isLengthValid || bits > most) {
      throw new TypeError(`"${entry}" is no address or CIDR range.`);
    }
    const number = ipv4Number(address);
    if (number === undefined) {
      this.#v6.addSubnet(address, bits, 'ipv6');
      return;
    }
    const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
    this.#v4.push({ network: (number & mask) >>> 0, mask });
  }
}

/** The 32 bits of an IPv4 address; `undefined` for every other text. */
function ipv4Number(address: string): number | undefined {
  if (!isIPv4(address)) return undefined;
  let number = 0;
  for (const octet of address.split('.')) number = number * 256 + Number(octet);
  return number;
}

/** The address in its plain form; `undefined` for what is none. Zones, ports and brackets are taken off. */
export function normaliseAddress(text: string): string | undefined {
  let address = text.trim();
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(address);
  if (bracketed?.[1] !== undefined) address = bracketed[1];
  else if (/^[\d.]+:\d{1,5}$/.test(address)) address = address.slice(0, address.indexOf(':'));
  const zone = address.indexOf('%');
  if (zone >= 0) address = address.slice(0, zone);
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (mapped?.[1] !== undefined) address = mapped[1];
  return isIP(address) === 0 ? undefined : address.toLowerCase();
}

/**
 * The client's address: the peer itself unless it is a trusted proxy; then the right-most address of
 * `X-Forwarded-For` that is no trusted proxy. An entry that is no address ends the walk, because what stands left of
 * it was written by whoever wrote it.
 */
export function clientAddress(peer: string, forwardedFor: string | null, trusted: AddressRanges): string {
  let client = normaliseAddress(peer) ?? '0.0.0.0';
  if (forwardedFor === null || !trusted.contains(client)) return client;
  const hops = forwardedFor.split(',').slice(-MAX_FORWARDED_HOPS);
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = normaliseAddress(hops[i] ?? '');
    if (hop === undefined) return client;
    client = hop;
    if (!trusted.contains(hop)) return client;
  }
  return client;
}

/** `203.0.113.0/24` or `2001:db8:1::/48`. */
export function networkPrefix(address: string): string {
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right].slice(0, 3);
  const kept = groups.map((group) => Number.parseInt(group, 16).toString(16));
  while (kept.length > 0 && kept.at(-1) === '0') kept.pop();
  return `${kept.join(':')}::/48`;
}

/** Turns requests into what may be stored of their origin. Answers are remembered, at most twice `CACHE_SIZE` of them. */
export class NetworkReader {
  readonly #hashKey: Buffer;
  readonly #trusted: AddressRanges;
  readonly #networks: Networks;
  readonly #trustedPeers = new Set<string>();
  /** By peer, or by `X-Forwarded-For` where the peer is a trusted proxy. */
  #direct = new Map<string, ClientNetwork>();
  #forwarded = new Map<string, ClientNetwork>();

  constructor(hashKey: Buffer, trustedProxies: readonly string[], networks: Networks = createNetworks()) {
    this.#hashKey = hashKey;
    this.#networks = networks;
    this.#trusted = new AddressRanges(trustedProxies);
  }

  /** The network of the client behind a peer and its `X-Forwarded-For`. */
  read(peer = '', forwardedFor: string | null = null): ClientNetwork {
    if (forwardedFor === null || !this.#isTrustedPeer(peer)) {
      const known = this.#direct.get(peer);
      if (known !== undefined) return known;
      if (this.#direct.size >= CACHE_SIZE) this.#direct = new Map();
      const network = this.#networkOf(clientAddress(peer, null, this.#trusted));
      this.#direct.set(peer, network);
      return network;
    }
    const known = this.#forwarded.get(forwardedFor);
    if (known !== undefined) return known;
    if (this.#forwarded.size >= CACHE_SIZE) this.#forwarded = new Map();
    const network = this.#networkOf(clientAddress(peer, forwardedFor, this.#trusted));
    // A header is as long as its sender likes; only ordinary ones are worth remembering.
    if (forwardedFor.length <= MAX_CACHED_HEADER) this.#forwarded.set(forwardedFor, network);
    return network;
  }

  /** Proxies are few, and what is no proxy is not remembered. */
  #isTrustedPeer(peer: string): boolean {
    if (this.#trustedPeers.has(peer)) return true;
    const address = normaliseAddress(peer);
    const isTrusted = address !== undefined && this.#trusted.contains(address);
    if (isTrusted && this.#trustedPeers.size < CACHE_SIZE) this.#trustedPeers.add(peer);
    return isTrusted;
  }

  #networkOf(address: string): ClientNetwork {
    const prefix = networkPrefix(address);
    return {
      addressHash: createHmac('sha256', this.#hashKey).update(address).digest().subarray(0, HASH_BYTES),
      prefix,
      key: parseNetwork(prefix) ?? null,
      ...this.#networks.describe(address),
    };
  }
}
