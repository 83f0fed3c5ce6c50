import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import type { Policy } from '@/lib/contracts';
import type { PolicyProblems } from './edit-context';
import { policyCheckQuery } from './editor-queries';

const AFTER_EDIT_MS = 250;
const NO_PROBLEMS: PolicyProblems = {};

/** What the server says of the policy that is being edited: its differences, or what is wrong with it. */
export function useCheck(id: string, policy: Policy) {
  const settled = useSettled(policy, AFTER_EDIT_MS);
  const query = useQuery(policyCheckQuery(id, settled));
  const error = query.error === null ? null : toApiError(query.error);
  const isInvalid = error?.code === 'request_invalid';
  return {
    check: query.data,
    problems: isInvalid ? error.fields : NO_PROBLEMS,
    error: isInvalid ? null : error,
    /** Whether the answer is of what is on the screen. */
    isCurrent: settled === policy && !query.isFetching,
    refetch: () => void query.refetch(),
  };
}

/** A value once it has stayed the same for a while. */
export function useSettled<Value>(value: Value, afterMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
