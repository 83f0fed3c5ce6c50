import { redirect } from 'next/navigation';
import { pageContext } from '@/app/api/current-actor';

/** The start of the console is its overview. */
export default async function StartPage() {
  await pageContext();
  redirect('/overview');
}
