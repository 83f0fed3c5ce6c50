import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { DevicesView } from './devices-view';

export const metadata: Metadata = { title: 'Devices' };

/** Every enrolled device. */
export default async function DevicesPage() {
  await pageContext();
  return <DevicesView />;
}
