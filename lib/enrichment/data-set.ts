import type { RangeTable, Starts, Values } from './range-table';

/** Everything that was compiled from the data sets. Countries are two letters, 8 bits each; ASNs are numbers. */
export interface DataSet {
  readonly country4: RangeTable;
  readonly country6: RangeTable;
  readonly asn4: RangeTable;
  readonly asn6: RangeTable;
  /** ASNs whose operator's name is a hoster's, rising. */
  readonly hosters: Uint32Array;
}

/** The bytes are no data set of this build: cut short, damaged, or of another revision. */
export class DataSetError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DataSetError';
  }
}

const MAGIC = 0x4353_4e31;
const SECTIONS = [
  'country4.starts',
  'country4.values',
  'country6.starts',
  'country6.values',
  'asn4.starts',
  'asn4.values',
  'asn6.starts',
  'asn6.values',
  'hosters',
] as const;
type SectionName = (typeof SECTIONS)[number];

/** The magic number, and where each section ends, as 32-bit numbers; padded so that sections start at multiples of 8. */
const HEADER_BYTES = align(4 * (1 + SECTIONS.length));

type Column = Starts | Values;

/** The data set as bytes, for `decodeDataSet` on a machine of the same byte order. */
export function encodeDataSet(data: DataSet): Uint8Array {
  const columns: Record<SectionName, Column> = {
    'country4.starts': data.country4.starts,
    'country4.values': data.country4.values,
    'country6.starts': data.country6.starts,
    'country6.values': data.country6.values,
    'asn4.starts': data.asn4.starts,
    'asn4.values': data.asn4.values,
    'asn6.starts': data.asn6.starts,
    'asn6.values': data.asn6.values,
    hosters: data.hosters,
  };
  const size = SECTIONS.reduce((sum, name) => sum + align(columns[name].byteLength), HEADER_BYTES);
  const bytes = new Uint8Array(size);
  const header = new Uint32Array(bytes.buffer, 0, 1 + SECTIONS.length);
  header[0] = MAGIC;
  let at = HEADER_BYTES;
  SECTIONS.forEach((name, index) => {
    const { buffer, byteOffset, byteLength } = columns[name];
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    header[index + 1] = at + byteLength;
    at += align(byteLength);
  });
  return bytes;
}

/**
 * The data set in these bytes, without copying them. Their buffer must start with them.
 * @throws DataSetError
 */
export function decodeDataSet(bytes: Uint8Array): DataSet {
  if (bytes.byteLength < HEADER_BYTES || bytes.byteOffset % 8 !== 0) throw new DataSetError('is cut short');
  const header = new Uint32Array(bytes.buffer, bytes.byteOffset, 1 + SECTIONS.length);
  if (header[0] !== MAGIC) throw new DataSetError('is no data set');
  let at = HEADER_BYTES;
  const spans = new Map<SectionName, { start: number; bytes: number }>();
  SECTIONS.forEach((name, index) => {
    const end = header[index + 1] ?? 0;
    if (end < at || end > bytes.byteLength) throw new DataSetError('is cut short');
    spans.set(name, { start: bytes.byteOffset + at, bytes: end - at });
    at = align(end);
  });
  const spanOf = (name: SectionName) => spans.get(name) ?? { start: 0, bytes: 0 };
  const read = {
    u16: (name: SectionName) => new Uint16Array(bytes.buffer, spanOf(name).start, spanOf(name).bytes / 2),
    u32: (name: SectionName) => new Uint32Array(bytes.buffer, spanOf(name).start, spanOf(name).bytes / 4),
    f64: (name: SectionName) => new Float64Array(bytes.buffer, spanOf(name).start, spanOf(name).bytes / 8),
  };
  return {
    country4: { starts: read.u32('country4.starts'), values: read.u16('country4.values') },
    country6: { starts: read.f64('country6.starts'), values: read.u16('country6.values') },
    asn4: { starts: read.u32('asn4.starts'), values: read.u32('asn4.values') },
    asn6: { starts: read.f64('asn6.starts'), values: read.u32('asn6.values') },
    hosters: read.u32('hosters'),
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** The number of a country's two letters; 0 for what is no country of ISO 3166-1. */
export function countryNumber(code: string): number {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.has(code)) return 0;
  return code.charCodeAt(0) * 256 + code.charCodeAt(1);
}

/** Codes of registries that name no one country. */
const NO_COUNTRIES: ReadonlySet<string> = new Set(['AN', 'AP', 'EU', 'ZZ']);

/** A country's two letters; `null` for 0. */
export function countryCode(number: number): string | null {
  return number === 0 ? null : String.fromCharCode(number >>> 8, number & 255);
}
