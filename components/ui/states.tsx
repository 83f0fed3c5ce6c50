import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';
import { RequestId } from './request-id';
import { VerdictMark } from './verdict-mark';

export interface EmptyStateProps {
  icon?: LucideIcon;
  /** What there is none of: "No attestations in the last 24 hours". */
  title: string;
  /** What to do next. */
  children?: ReactNode;
  /** Buttons or links that do it. */
  actions?: ReactNode;
}

/** Nothing to show, and what to do about it. */
export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-12 text-center">
      {Icon === undefined ? null : <Icon aria-hidden size={20} className="text-faint" />}
      <p className="font-medium">{title}</p>
      {children === undefined ? null : <div className="max-w-md text-dim">{children}</div>}
      {actions === undefined ? null : (
        <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>
      )}
    </div>
  );
}

/** What an error state tells; `ApiError` of `components/query` fits. */
export interface ShownError {
  message: string;
  code?: string;
  requestId?: string | undefined;
}

export interface ErrorStateProps {
  /** What could not be done: "The attestations could not be loaded". */
  title: string;
  error: ShownError;
  onRetry?: (() => void) | undefined;
}

/** A failure: what failed, why, the request id to quote, and another try. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  return (
    <div role="alert" className="grid justify-items-center gap-2 px-6 py-12 text-center">
      <p className="flex items-center gap-2 font-medium">
        <VerdictMark verdict="rejected" />
        {title}
      </p>
      <p className="max-w-md text-dim">{error.message}</p>
      {error.requestId === undefined ? null : <RequestId value={error.requestId} />}
      {onRetry === undefined ? null : (
        <Button className="mt-2" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
