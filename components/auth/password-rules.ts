/** Shortest password that is taken, and how many different characters it needs. */
export const PASSWORD_MIN_LENGTH = 12;
const MIN_DISTINCT = 5;
/** Parts of a name that are shorter than this may appear in a password. */
const OWN_PART_LENGTH = 3;

/** Of whom a password must not be made. */
export interface PasswordOwner {
  name: string;
  email: string;
}

export interface PasswordRule {
  id: 'length' | 'variety' | 'own';
  text: string;
  /** Whether a password keeps the rule; nothing does before it has been typed. */
  keeps: (password: string, owner: PasswordOwner) => boolean;
}

/** What is asked of a new password, as the server asks it (`requireStrongPassword`), for people to see as they type. */
export const PASSWORD_RULES: readonly PasswordRule[] = [
  {
    id: 'length',
    text: `At least ${PASSWORD_MIN_LENGTH} characters`,
    keeps: (password) => lengthOf(normal(password)) >= PASSWORD_MIN_LENGTH,
  },
  {
    id: 'variety',
    text: `At least ${MIN_DISTINCT} different ones`,
    keeps: (password) => new Set(normal(password)).size >= MIN_DISTINCT,
  },
  {
    id: 'own',
    text: 'Not made of your name or e-mail address',
    keeps: (password, owner) => {
      const rest = ownParts(owner).reduce((left, part) => left.replaceAll(part, ''), normal(password));
      return lengthOf(rest) >= PASSWORD_MIN_LENGTH / 2;
    },
  },
];

function ownParts({ name, email }: PasswordOwner): string[] {
  return [email.split('@')[0] ?? '', ...name.split(/\s+/)]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= OWN_PART_LENGTH);
}

function normal(password: string): string {
  return password.normalize('NFKC').toLowerCase();
}

function lengthOf(text: string): number {
  return [...text].length;
}
