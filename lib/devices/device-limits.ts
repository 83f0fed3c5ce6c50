/** What one answer may cost, however many devices there are. */
export interface DeviceLimits {
  /** A table of no more pages is read as a whole; 160 MB, which is some 200,000 devices. */
  readonly wholePages: number;
  /** So many pages of a larger one are the sample that facets are counted by. */
  readonly sampledPages: number;
  /** So many devices, those seen last, are looked through for what no index tells. */
  readonly lookedAt: number;
  /** No more blocked devices than these are found by their blocks; where there are more, some are wherever one looks. */
  readonly fewBlocked: number;
}

export const DEVICE_LIMITS: DeviceLimits = {
  wholePages: 20_000,
  sampledPages: 2_500,
  lookedAt: 20_000,
  fewBlocked: 20_000,
};
