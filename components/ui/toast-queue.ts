/** What a toast says: an act that was done, or one that failed. Never the only place where a failure shows. */
export interface Toast {
  tone: 'done' | 'failed';
  title: string;
  description?: string | undefined;
  /** One thing that can be done about it: "Undo". */
  action?: { label: string; onAction: () => void } | undefined;
}

let waiting: Toast[] = [];
const listeners = new Set<() => void>();

/** Shows a toast; the first one loads what shows them. */
export function notify(toast: Toast): void {
  waiting.push(toast);
  for (const listener of listeners) listener();
}

/** Takes the toasts that have not been shown yet. */
export function takeToasts(): readonly Toast[] {
  const taken = waiting;
  waiting = [];
  return taken;
}

/** Calls back whenever a toast waits. */
export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
