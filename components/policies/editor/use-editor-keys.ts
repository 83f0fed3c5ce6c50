import { useEffect } from 'react';

/** What the keys of the editor do; `null` where there is nothing to do. */
export interface EditorKeys {
  undo: (() => void) | null;
  redo: (() => void) | null;
  save: (() => void) | null;
}

/**
 * Ctrl or ⌘ with Z, Shift Z, Y and S. In a text field they are the browser's for as long as somebody types there, but for
 * saving.
 */
export function useEditorKeys({ undo, redo, save }: EditorKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const act = { z: event.shiftKey ? redo : undo, y: redo, s: save }[event.key.toLowerCase()];
      if (act === undefined) return;
      if (event.key.toLowerCase() !== 's' && isTextField(event.target)) return;
      if (document.querySelector('[data-modal="true"]') !== null) return;
      event.preventDefault();
      act?.();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [undo, redo, save]);
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['radio', 'checkbox'].includes(target.type);
}
