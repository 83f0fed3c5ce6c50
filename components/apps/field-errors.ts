/** What is wrong with an input, by the path of the field, as problem details state it. */
export type FieldProblems = Readonly<Record<string, string>>;

/** Messages of the API that lack their subject: "is taken", "must be …". */
const PREDICATE = /^(is|are|must|has|may|should)\b/;

/** One message as a sentence about `subject`. */
export function asSentence(subject: string, message: string): string {
  const text = PREDICATE.test(message) ? `${subject} ${message}` : message;
  const capital = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

export interface FieldSpec {
  /** Path of the field in the request. */
  path: string;
  /** What it is called at the beginning of a sentence. */
  subject: string;
  /** The entries of a list, so that the wrong one is quoted. */
  entries?: readonly string[];
  /** Position of the first of `entries` in the request's list. */
  offset?: number;
}

/** What is wrong with a field or with one of its entries, in a sentence; the first complaint only. */
export function fieldError(problems: FieldProblems, spec: FieldSpec): string | undefined {
  const own = problems[spec.path];
  if (own !== undefined) return asSentence(spec.subject, own);
  for (const [index, entry] of (spec.entries ?? []).entries()) {
    const prefix = `${spec.path}.${index + (spec.offset ?? 0)}`;
    const path = Object.keys(problems).find((key) => key === prefix || key.startsWith(`${prefix}.`));
    const message = path === undefined ? undefined : problems[path];
    if (message !== undefined) return asSentence(`“${entry}”`, message);
  }
  return undefined;
}

/** The complaints that no field of a form shows, as sentences. `shown` are the paths of the fields, without positions. */
export function otherProblems(problems: FieldProblems, shown: readonly string[]): string[] {
  return Object.entries(problems)
    .filter(([path]) => !shown.some((field) => path === field || path.startsWith(`${field}.`)))
    .map(([path, message]) => asSentence(path, message));
}
