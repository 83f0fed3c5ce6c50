import { countryNumber, type DataSet } from './data-set';
import { isHosterByName } from './operator-names';
import { ipv6Key, type RangeTable, RangeTableBuilder } from './range-table';

/** The numeric CSV files of the data sets, as text. Ranges rise, and their last address is included. */
export interface DataSources {
  readonly country4: string;
  readonly country6: string;
  readonly asn4: string;
  readonly asn6: string;
}

/** Compiles CSV into tables that are searched. A line that makes no sense is left out. */
export function compileDataSet(sources: DataSources): DataSet {
  const hosters = new Set<number>();
  const asnOf = (line: string) => noteOperator(line, hosters);
  return {
    country4: table4(sources.country4, countryNumber, Uint16Array),
    country6: table6(sources.country6, countryNumber, Uint16Array),
    asn4: table4(sources.asn4, asnOf, Uint32Array),
    asn6: table6(sources.asn6, asnOf, Uint32Array),
    hosters: Uint32Array.from([...hosters].sort((a, b) => a - b)),
  };
}

/** `24940,Hetzner Online GmbH`: the number, whose operator is noted where its name is a hoster's. */
function noteOperator(rest: string, hosters: Set<number>): number {
  const comma = rest.indexOf(',');
  const asn = Number(comma < 0 ? rest : rest.slice(0, comma));
  if (!Number.isInteger(asn) || asn < 1 || asn > 0xffff_ffff) return 0;
  if (comma >= 0 && !hosters.has(asn) && isHosterByName(rest.slice(comma + 1))) hosters.add(asn);
  return asn;
}

interface ColumnType<Column> {
  from(values: readonly number[]): Column;
}

function table4(
  csv: string,
  toValue: (rest: string) => number,
  type: ColumnType<RangeTable['values']>,
): RangeTable {
  const { starts, values } = collect(csv, 2 ** 32, toValue, Number);
  return { starts: Uint32Array.from(starts), values: type.from(values) };
}

function table6(
  csv: string,
  toValue: (rest: string) => number,
  type: ColumnType<RangeTable['values']>,
): RangeTable {
  const { starts, values } = collect(csv, 2 ** 48, toValue, (text) => ipv6Key(BigInt(text)));
  return { starts: Float64Array.from(starts), values: type.from(values) };
}

const DIGITS = /^\d+$/;

function collect(
  csv: string,
  space: number,
  toValue: (rest: string) => number,
  toKey: (text: string) => number,
) {
  const builder = new RangeTableBuilder(space);
  for (let start = 0; start < csv.length; ) {
    const end = csv.indexOf('\n', start);
    const line = csv.slice(start, end < 0 ? csv.length : end).trimEnd();
    start = end < 0 ? csv.length : end + 1;
    const first = line.indexOf(',');
    const second = line.indexOf(',', first + 1);
    if (first < 1 || second < 0) continue;
    const [from, to] = [line.slice(0, first), line.slice(first + 1, second)];
    if (!DIGITS.test(from) || !DIGITS.test(to)) continue;
    builder.add(toKey(from), toKey(to), toValue(line.slice(second + 1)));
  }
  return builder.finish();
}
