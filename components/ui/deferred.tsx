'use client';

import { type ComponentType, lazy, type ReactNode, Suspense, useSyncExternalStore } from 'react';

export interface DeferredOptions {
  /** Keeps the component's place until its script is there; nothing does unless told. */
  placeholder?: ComponentType;
  /** Whether the server draws it too: for what stands in the first markup. */
  onServer?: true;
}

const never = () => () => {};
const nothing = () => null;

/**
 * A component whose script is fetched apart from its page's, when it is first shown. It is React's own `lazy`:
 * `next/dynamic` adds 2 KB to every page, for preloading what the server draws, which next to nothing here needs.
 */
export function deferred<Props extends object>(
  load: () => Promise<ComponentType<Props> | { default: ComponentType<Props> }>,
  { placeholder: Placeholder = nothing, onServer }: DeferredOptions = {},
): ComponentType<Props> {
  const Loaded: ComponentType<Props> = lazy(async () => {
    const found = await load();
    return 'default' in found ? found : { default: found };
  });
  const Place = onServer ? Suspense : InBrowser;
  return (props) => (
    <Place fallback={<Placeholder />}>
      <Loaded {...props} />
    </Place>
  );
}

/** Shows its children in the browser only; on the server, and until its markup has been taken over, the fallback. */
function InBrowser({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  const isTakenOver = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return isTakenOver ? <Suspense fallback={fallback}>{children}</Suspense> : fallback;
}
