import type { RuleFunction, RuleVariable } from '@/lib/contracts';

/** What can be written at a place of a rule. */
export interface Completion {
  /** What it inserts in place of what was typed of it. */
  insert: string;
  label: string;
  /** Its type or signature. */
  kind: string;
  description: string;
  /** Where the cursor stands afterwards, from the beginning of `insert`. */
  cursor: number;
}

/** What fits at the cursor, and which characters of the expression it replaces. */
export interface Completions {
  start: number;
  end: number;
  options: readonly Completion[];
}

/** What rules may read and call. */
export interface RuleLanguage {
  variables: readonly RuleVariable[];
  functions: readonly RuleFunction[];
  threats: readonly { id: string; title: string }[];
}

const MOST_OPTIONS = 12;
const NONE: Completions = { start: 0, end: 0, options: [] };

/** Of CEL's own functions and macros, those that rules need. */
const BUILT_IN: readonly (RuleFunction & { insert: string; isMember?: true })[] = [
  { signature: 'has(field): bool', insert: 'has()', description: 'whether the evidence makes that claim' },
  { signature: 'size(list): int', insert: 'size()', description: 'how many there are' },
  ...(['startsWith', 'endsWith', 'contains'] as const).map((name) => ({
    signature: `${name}(string): bool`,
    insert: `${name}("")`,
    description: `whether the text ${{ startsWith: 'begins with', endsWith: 'ends in', contains: 'holds' }[name]} that`,
    isMember: true as const,
  })),
  ...(['exists', 'all'] as const).map((name) => ({
    signature: `${name}(x, condition): bool`,
    insert: `${name}(x, )`,
    description: `whether the condition holds for ${name === 'exists' ? 'any' : 'every'} item`,
    isMember: true as const,
  })),
];

/** What can be written at the cursor. Within a text: ids of threats, or the values that a variable is documented to have. */
export function completionsAt(expression: string, cursor: number, language: RuleLanguage): Completions {
  const before = expression.slice(0, cursor);
  const open = openText(before);
  if (open !== null) return textCompletions(expression, { open, cursor }, language);
  const word = /[A-Za-z_][\w.]*$/.exec(before)?.[0] ?? '';
  if (/\d$/.test(before) && word === '') return NONE;
  const start = cursor - word.length;
  const rest = /^\w*/.exec(expression.slice(cursor))?.[0] ?? '';
  const options = [...ranked(word, named(language)), ...memberOptions(word, language)];
  const isWhole = options.length === 1 && options[0]?.insert === word;
  return isWhole ? NONE : { start, end: cursor + rest.length, options: options.slice(0, MOST_OPTIONS) };
}

/** Variables and functions, whatever was typed. */
function named({ variables, functions }: RuleLanguage): Completion[] {
  return [
    ...variables.map(({ name, type, description, isOptional }) => ({
      ...{ insert: name, label: name, cursor: name.length },
      kind: isOptional ? `${type}, may be absent` : type,
      description: description.replaceAll('`', ''),
    })),
    ...functions.map(({ signature, description }) =>
      asOption(signature, `${signature.slice(0, signature.indexOf('('))}(, "")`, description),
    ),
    ...BUILT_IN.filter(({ isMember }) => !isMember).map(({ signature, insert, description }) =>
      asOption(signature, insert, description),
    ),
  ];
}

/** What can be asked of a variable, where one stands before the dot. */
function memberOptions(word: string, { variables }: RuleLanguage): Completion[] {
  const dot = word.lastIndexOf('.');
  const receiver = word.slice(0, Math.max(0, dot));
  if (!variables.some(({ name }) => name === receiver)) return [];
  const typed = word.slice(dot + 1).toLowerCase();
  return BUILT_IN.filter(({ isMember }) => isMember)
    .map(({ signature, insert, description }) => asOption(signature, insert, description))
    .filter(({ label }) => label.toLowerCase().startsWith(typed))
    .map((option) => ({
      ...option,
      insert: `${receiver}.${option.insert}`,
      label: `.${option.label}`,
      cursor: option.cursor + receiver.length + 1,
    }));
}

/** The cursor stands where the first argument goes. */
function asOption(signature: string, insert: string, description: string): Completion {
  const label = signature.slice(0, signature.indexOf('('));
  const quote = insert.indexOf('"');
  const first = insert.indexOf('(') + 1;
  const cursor = insert.includes('x, ') ? insert.length - 1 : quote === first ? first + 1 : first;
  return { insert, label, kind: signature.slice(label.length), description, cursor };
}

/** Those that begin with what was typed, then those that hold it. */
function ranked(word: string, options: readonly Completion[]): Completion[] {
  const typed = word.toLowerCase();
  const at = ({ label }: Completion) => label.toLowerCase().indexOf(typed);
  return options
    .filter((option) => at(option) !== -1)
    .sort((a, b) => Math.min(1, at(a)) - Math.min(1, at(b)));
}

/** Where the text begins that the cursor stands in; `null` outside of one. */
function openText(before: string): number | null {
  let quote: string | null = null;
  let open = 0;
  for (let index = 0; index < before.length; index++) {
    const character = before[index] ?? '';
    if (quote !== null && character === '\\') index += 1;
    else if (quote !== null && character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) {
      quote = character;
      open = index + 1;
    }
  }
  return quote === null ? null : open;
}

function textCompletions(
  expression: string,
  { open, cursor }: { open: number; cursor: number },
  { variables, threats }: RuleLanguage,
): Completions {
  const typed = expression.slice(open, cursor).toLowerCase();
  const rest = /^[^"']*/.exec(expression.slice(cursor))?.[0] ?? '';
  const compared = /([a-z_.]+)\s*(?:==|!=)\s*["']$/.exec(expression.slice(0, open))?.[1];
  const variable = variables.find(({ name }) => name === compared);
  const values =
    variable === undefined
      ? threats.map(({ id, title }) => ({ value: id, kind: 'threat', description: title }))
      : [...variable.description.matchAll(/`([^`]+)`/g)].map(([, value = '']) => ({
          ...{ value, kind: variable.name, description: '' },
        }));
  const options = values
    .filter(({ value, description }) => `${value} ${description.toLowerCase()}`.includes(typed))
    .filter(({ value }) => value.toLowerCase() !== typed)
    .slice(0, MOST_OPTIONS)
    .map(({ value, kind, description }) => ({
      ...{ insert: value, label: value, kind, description, cursor: value.length },
    }));
  return { start: open, end: cursor + rest.length, options };
}

/** The expression with one of the completions in it, and where the cursor then stands. */
export function complete(
  expression: string,
  { start, end }: Pick<Completions, 'start' | 'end'>,
  { insert, cursor }: Completion,
): { expression: string; cursor: number } {
  return {
    expression: `${expression.slice(0, start)}${insert}${expression.slice(end)}`,
    cursor: start + cursor,
  };
}
