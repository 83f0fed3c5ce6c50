import { z } from 'zod';

/** What the address data sets tell of the network that a request came from. */
export const NETWORK_KINDS = ['access', 'hosting', 'anonymiser', 'private', 'unknown'] as const;
export const networkKindSchema = z.enum(NETWORK_KINDS);
export type NetworkKind = z.infer<typeof networkKindSchema>;
