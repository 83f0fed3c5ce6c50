/** A country in which the simulated fleet's phones live. */
export interface Place {
  readonly country: string;
  /** Phones in a thousand. */
  readonly weight: number;
  /** Hours before (negative) or after UTC at which most of its people live. */
  readonly utcOffset: number;
  /** Share of iPhones. */
  readonly ios: number;
  /** Networks that connect people: lines and mobile. */
  readonly asns: readonly number[];
}

/** The fleet's countries: those of a German company with customers abroad. Shares of iPhones are of the order of the real ones. */
export const PLACES: readonly [Place, ...Place[]] = [
  { country: 'DE', weight: 400, utcOffset: 1, ios: 0.38, asns: [3320, 3209, 6805, 8881] },
  { country: 'US', weight: 105, utcOffset: -6, ios: 0.57, asns: [7922, 7018, 701, 21928, 22773, 20115] },
  { country: 'GB', weight: 75, utcOffset: 0, ios: 0.5, asns: [2856, 5089, 5607] },
  { country: 'FR', weight: 65, utcOffset: 1, ios: 0.36, asns: [3215, 12322, 15557, 5410] },
  { country: 'IN', weight: 42, utcOffset: 5.5, ios: 0.06, asns: [55836, 45609, 24560, 9829] },
  { country: 'BR', weight: 42, utcOffset: -3, ios: 0.19, asns: [28573, 26599, 18881, 7738] },
  { country: 'ES', weight: 36, utcOffset: 1, ios: 0.25, asns: [3352, 12479, 12430] },
  { country: 'IT', weight: 36, utcOffset: 1, ios: 0.3, asns: [3269, 30722, 1267] },
  { country: 'NL', weight: 30, utcOffset: 1, ios: 0.42, asns: [1136, 33915, 50266] },
  { country: 'PL', weight: 24, utcOffset: 1, ios: 0.16, asns: [5617, 12912, 8374] },
  { country: 'MX', weight: 16, utcOffset: -6, ios: 0.25, asns: [8151, 6503] },
  { country: 'CA', weight: 16, utcOffset: -5, ios: 0.58, asns: [812, 577, 852] },
  { country: 'JP', weight: 14, utcOffset: 9, ios: 0.65, asns: [4713, 17676, 2516, 9605] },
  { country: 'TR', weight: 20, utcOffset: 3, ios: 0.2, asns: [9121, 16135, 15897] },
  { country: 'AT', weight: 26, utcOffset: 1, ios: 0.4, asns: [8447, 8412] },
  { country: 'CH', weight: 24, utcOffset: 1, ios: 0.5, asns: [3303, 6730] },
  { country: 'SE', weight: 12, utcOffset: 1, ios: 0.5, asns: [3301, 1257] },
  { country: 'AU', weight: 8, utcOffset: 10, ios: 0.57, asns: [1221, 7545, 4804] },
  { country: 'ID', weight: 8, utcOffset: 7, ios: 0.12, asns: [7713, 23693, 4761] },
  { country: 'ZA', weight: 6, utcOffset: 2, ios: 0.18, asns: [5713, 29975, 16637] },
  { country: 'KR', weight: 5, utcOffset: 9, ios: 0.3, asns: [4766, 9318, 3786] },
  { country: 'NG', weight: 5, utcOffset: 1, ios: 0.1, asns: [29465, 36873] },
  { country: 'VN', weight: 5, utcOffset: 7, ios: 0.35, asns: [45899, 7552] },
];

/** Networks of servers from which scripts come. */
export const HOSTERS: readonly [number, ...number[]] = [
  24_940, 16_276, 14_061, 20_473, 51_167, 63_949, 45_102, 132_203,
];
/** Exits of VPNs and proxies. */
export const ANONYMISERS: readonly [number, ...number[]] = [
  9009, 212_238, 39_351, 136_787, 209_854, 62_240, 137_409,
];
