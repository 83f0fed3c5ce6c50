/** The signed-in person, as the shell shows them. */
export interface ShellUser {
  name: string;
  email: string;
  /** Their role for people: "Admin", "Responder for Retail Bank". */
  role: string;
}

/** "SA" for "Sam Admin", "S" for "Sam"; the e-mail address stands in for an empty name. */
export function initials(user: Pick<ShellUser, 'name' | 'email'>): string {
  const words = (user.name.trim() === '' ? user.email : user.name).trim().split(/\s+/);
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toLocaleUpperCase('en-GB');
}
