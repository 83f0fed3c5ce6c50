import type { Policy } from '@/lib/contracts';

/**
 * What was pasted or read from a file. Only the server knows whether it is a policy; what is no JSON object is told here.
 */
export function parsePolicy(
  text: string,
): { policy: Policy; error?: never } | { policy: null; error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      policy: null,
      error: `This is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { policy: null, error: 'A policy is a JSON object.' };
  }
  return { policy: value as Policy };
}
