import { tests } from '@bufbuild/cel-spec/testdata/conformance.js';
import type { SerializedIncrementalTest } from '@bufbuild/cel-spec/testdata/tests.js';
import { RULE_CALLS, RULE_LOOPS } from '../rule-cost';

/*
 * The conformance tests of the CEL specification (github.com/google/cel-spec v0.25.1, Apache License 2.0) as data, from the
 * package @bufbuild/cel-spec (Apache License 2.0), which is installed for tests alone.
 */

/** One test of the specification that says nothing which rules cannot say. */
export interface CelVector {
  /** `file/section/name`. */
  readonly id: string;
  readonly expression: string;
  readonly variables: readonly { readonly name: string; readonly type: string }[];
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly expected: { readonly value: unknown } | 'error';
}

/** What rules have none of, by what an expression of it looks like. The first that fits is named. */
const OUTSIDE: readonly [feature: string, looks: RegExp][] = [
  ['Protobuf messages and enums', /TestAllTypes|NestedEnum|GlobalEnum|google\.protobuf|(?<=\w)\s*\{/],
  ['optional values', /optional|\?\.|\.\?|\[\?|\{\?/],
  ['maps', /\{/],
  ['bytes', /\b[bB][rR]?["']/],
  ['unsigned numbers', /\b\d+u\b|\b0x[\da-f]+u\b/i],
  ['floating-point numbers', /\d\.\d|(?<![\w)])\.\d|\b\d+e[+-]?\d/i],
  ['null', /\bnull\b/],
  ['macros of two variables', /\.(exists|all|existsOne|exists_one)\(\w+, \w+, /],
  [
    'reserved words and types as values',
    /^\(?(bool|int|string|list|map|type|null_type|double|uint|bytes)\)?$/,
  ],
];

const CALL = /([A-Za-z_]\w*)\(/g;
const TYPES: Readonly<Record<string, string>> = { INT64: 'int', BOOL: 'bool', STRING: 'string' };

/** All vectors that rules can say, and how many of the others there are by what they need. */
export function readVectors(): { vectors: CelVector[]; outside: ReadonlyMap<string, number> } {
  const vectors: CelVector[] = [];
  const outside = new Map<string, number>();
  for (const file of tests.suites ?? [])
    for (const section of file.suites ?? [])
      for (const test of section.tests ?? []) {
        const read = readVector(`${file.name}/${section.name}`, test);
        if (typeof read === 'string') outside.set(read, (outside.get(read) ?? 0) + 1);
        else vectors.push(read);
      }
  return { vectors, outside };
}

function readVector(place: string, { original }: SerializedIncrementalTest): CelVector | string {
  const { expr, name, typeEnv, bindings, evalError, ...rest } = original as Original;
  const value = rest.value ?? rest.typedResult?.result ?? { boolValue: true };
  const feature = OUTSIDE.find(([, looks]) => looks.test(withoutTexts(expr)))?.[0];
  if (feature !== undefined) return feature;
  const call = [...withoutTexts(expr).matchAll(CALL)].find(
    ([, called = '']) => !RULE_CALLS.has(called) && !RULE_LOOPS.has(called),
  );
  if (call !== undefined) return 'functions that rules may not call';
  if (rest.disableCheck === true) return 'expressions that are not type-checked';
  if (rest.checkOnly === true) return 'types without a value';
  if (place.startsWith('namespace/')) return 'namespaces';
  const variables = (typeEnv ?? []).map(({ name: variable, ident }) => ({
    name: variable,
    type: typeOf(ident?.type),
  }));
  const given = Object.entries(bindings ?? {}).map(([variable, bound]) => [variable, fromJson(bound.value)]);
  const expected = evalError === undefined ? fromJson(value) : undefined;
  if (variables.some(({ type }) => type === null) || [expected, ...given.flat()].includes(FOREIGN))
    return 'variables or results of other types';
  return {
    id: `${place}/${name}`,
    expression: expr,
    variables: variables as CelVector['variables'],
    bindings: Object.fromEntries(given),
    expected: evalError === undefined ? { value: expected } : 'error',
  };
}

/** Of JSON, as the Protobuf message `SimpleTest` is written. */
interface Original {
  readonly expr: string;
  readonly name: string;
  readonly typeEnv?: readonly { readonly name: string; readonly ident?: { readonly type?: JsonType } }[];
  readonly bindings?: Readonly<Record<string, { readonly value?: JsonValue }>>;
  readonly value?: JsonValue;
  readonly typedResult?: { readonly result?: JsonValue };
  readonly evalError?: unknown;
  readonly checkOnly?: boolean;
  readonly disableCheck?: boolean;
}
interface JsonType {
  readonly primitive?: string;
  readonly listType?: { readonly elemType?: JsonType };
}
interface JsonValue {
  readonly int64Value?: string;
  readonly boolValue?: boolean;
  readonly stringValue?: string;
  readonly listValue?: { readonly values?: readonly JsonValue[] };
}

const FOREIGN = Symbol('of another type');

function typeOf(type: JsonType | undefined): string | null {
  if (type?.primitive !== undefined) return TYPES[type.primitive] ?? null;
  const element = type?.listType === undefined ? null : typeOf(type.listType.elemType);
  return element === null ? null : `list<${element}>`;
}

function fromJson(value: JsonValue | undefined): unknown {
  if (value?.int64Value !== undefined) return BigInt(value.int64Value);
  if (value?.listValue !== undefined) {
    const items = (value.listValue.values ?? []).map(fromJson);
    return items.includes(FOREIGN) ? FOREIGN : items;
  }
  return value?.boolValue ?? value?.stringValue ?? FOREIGN;
}

/** What is in quotes is no syntax. */
const withoutTexts = (expression: string) =>
  expression.replace(/(?<![bB][rR]?)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g, '""');
