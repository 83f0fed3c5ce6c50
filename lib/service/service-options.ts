import type { Registry } from 'prom-client';
import type { Logger } from '@/lib/core';
import type { Networks } from '@/lib/enrichment';
import type { GoogleEndpoints } from './integrity/google-decoder';

/** Settings of one node. */
export interface ServiceOptions {
  /** Connection of the service's role. */
  databaseUrl: string;
  /** 32 bytes. */
  masterKey: Buffer;
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Port of `/metrics`, 0 for any free one; `null` where someone else serves it. */
  opsPort: number | null;
  /** `iss` of tokens: the origin under which the service is reached. */
  issuer: string;
  /** Name of this node: its shard of the rollups, its row among the nodes. Unique among the running ones. */
  nodeId: string;
  /** Version of this build. */
  build: string;
  /** Addresses or CIDR ranges whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** Where Google decodes Play Integrity tokens. */
  google: GoogleEndpoints;
  /** What is known of addresses; absent: nothing but which are private. */
  networks?: Networks;
  logger: Logger;
  registry: Registry;
}
