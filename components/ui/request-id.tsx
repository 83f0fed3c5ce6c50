'use client';

import { deferred } from './deferred';

const NoButton = () => null;

// Comes when there is a failure to tell of, which may be that no script can be fetched: then the text has to do.
const CopyButton = deferred(
  () =>
    import('./copy-button').then(
      (module) => module.CopyButton,
      () => NoButton,
    ),
  { placeholder: () => <span className="size-6" /> },
);

/** The id under which the server logged a request, to be quoted. */
export function RequestId({ value }: { value: string }) {
  return (
    <p className="flex items-center gap-1 text-sm text-faint">
      Request <code className="font-mono">{value}</code>
      <CopyButton value={value} label="Copy request id" />
    </p>
  );
}
