'use client';

import { useEffect, useRef, useState } from 'react';

const DELAY_MS = 350;
const GAP_PX = 6;

interface Shown {
  text: string;
  anchor: DOMRect;
}

/**
 * Shows the `data-tooltip` of whatever is hovered or focused, in the top layer, so that no scrolling container cuts it
 * off. Rendered once, at the root. A tooltip only repeats what
 * is said otherwise (by `aria-label`, `dateTime`, the text itself), and so is hidden from assistive technology. Escape hides it.
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown>();
  const element = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setShown(undefined);
    };
    const show = (event: Event) => {
      const target = event.target instanceof Element ? event.target.closest('[data-tooltip]') : null;
      const text = target?.getAttribute('data-tooltip') ?? '';
      hide();
      if (target === null || text === '') return;
      timer = setTimeout(() => setShown({ text, anchor: target.getBoundingClientRect() }), DELAY_MS);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    const opening = ['pointerover', 'focusin'];
    const closing = ['pointerdown', 'focusout', 'scroll'];
    for (const name of opening) document.addEventListener(name, show, { passive: true });
    for (const name of closing) document.addEventListener(name, hide, { passive: true, capture: true });
    document.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      for (const name of opening) document.removeEventListener(name, show);
      for (const name of closing) document.removeEventListener(name, hide, { capture: true });
      document.removeEventListener('keydown', onKey);
    };
  }, []);

  useEffect(() => {
    const box = element.current;
    if (box === null || shown === undefined) return;
    box.showPopover();
    place(box, shown.anchor);
    return () => {
      if (box.isConnected) box.hidePopover();
    };
  }, [shown]);

  return (
    <div
      ref={element}
      popover="manual"
      aria-hidden
      className="pointer-events-none fixed inset-auto m-0 max-w-80 animate-appear rounded-[6px] border bg-raised px-2 py-1 text-sm shadow-overlay"
    >
      {shown?.text}
    </div>
  );
}

/** Above the anchor where there is room, else below; never off the screen. */
function place(box: HTMLElement, anchor: DOMRect): void {
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(Math.max(anchor.left + anchor.width / 2 - width / 2, 8), innerWidth - width - 8);
  const above = anchor.top - height - GAP_PX;
  box.style.left = `${left}px`;
  box.style.top = `${above >= 8 ? above : anchor.bottom + GAP_PX}px`;
}
