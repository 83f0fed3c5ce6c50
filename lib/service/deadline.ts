import { AppError } from '@/lib/core';

/** The promise's value, or `service_unavailable` once `ms` have passed. What the promise does later is nobody's concern. */
export function withDeadline<Value>(promise: Promise<Value>, ms: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new AppError('service_unavailable')), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
