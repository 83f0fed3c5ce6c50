/** What the shell knows of an app. */
export interface AppChoice {
  id: string;
  name: string;
}

/** What the switcher says: one app by name, several by number. An app that is gone is shown by its id. */
export function appChoiceLabel(selected: readonly string[], apps: readonly AppChoice[]): string {
  const [only] = selected;
  if (only === undefined) return 'All apps';
  if (selected.length > 1) return `${selected.length} apps`;
  return apps.find((app) => app.id === only)?.name ?? only;
}
