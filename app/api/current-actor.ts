import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { REQUESTED_PATH_HEADER, signInPath } from '@/app/requested-path';
import type { StaffActor, VerbContext } from '@/lib/auth';
import { consoleProcess, contextFor } from './context';
import { actorOfCookie, sessionCookieName } from './session-cookie';

/** The signed-in person of the page that is being rendered, read once per request; `undefined` for nobody. */
export const currentActor = cache(async (): Promise<StaffActor | undefined> => {
  const jar = await cookies();
  return actorOfCookie(jar.get(sessionCookieName(consoleProcess().env.consoleUrl))?.value);
});

/** What a page calls verbs with. Sends whoever is not signed in to the sign-in page, which leads back here. */
export async function pageContext(): Promise<VerbContext<StaffActor>> {
  const actor = await currentActor();
  if (!actor) redirect(signInPath((await headers()).get(REQUESTED_PATH_HEADER)));
  return contextFor(actor);
}
