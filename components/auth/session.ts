import { apiFetch } from '@/components/query/api-fetch';

/** next-auth's double-submit token: each of its mutations wants it in the body. */
async function csrfToken(): Promise<string> {
  const answer = await apiFetch<{ csrfToken: string }>('/api/auth/csrf');
  return answer.csrfToken;
}

/**
 * Opens a session; the answer sets its cookie.
 * @throws ApiError `credentials_invalid`, `sign_in_locked`
 */
export async function signIn(email: string, password: string): Promise<void> {
  await apiFetch('/api/auth/callback/credentials', {
    method: 'POST',
    body: { email, password, csrfToken: await csrfToken() },
  });
}

/** Revokes the session and takes its cookie back. @throws ApiError */
export async function signOut(): Promise<void> {
  await apiFetch('/api/auth/signout', { method: 'POST', body: { csrfToken: await csrfToken() } });
}
