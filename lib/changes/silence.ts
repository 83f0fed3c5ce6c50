/** Nodes speak up once a second; one that misses this many is taken for dead, which the console shows within 5 s. */
export const ALIVE_SECONDS = 4;
/**
 * A node that is cut off denies, or flags, once its view is older than 60 s. Until then it may let through what a change
 * refuses, so that nothing is enforced everywhere before it has spoken, or this time is over.
 */
export const DUE_SECONDS = 65;
/** Nodes that were last heard of longer ago than this are laggards no more, but gone. */
export const FORGET_NODES_AFTER_MINUTES = 10;
/** A reader of the revocation feed speaks up after at most 25 s; one that is late by this much is taken for dead. */
export const PARTY_ALIVE_SECONDS = 40;
