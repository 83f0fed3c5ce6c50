import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { CliError } from '../command';
import { DEMO_APPS } from '../demo-apps';
import { refuseForeignApps } from './simulate-backfill';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

it('is refused on a database with apps that are not the demo’s, and says which', async () => {
  const urls = { console: db.consoleUrl, service: db.serviceUrl };
  await refuseForeignApps(urls);
  await seedApp(db.owner, DEMO_APPS[0].id);
  await refuseForeignApps(urls);
  await seedApp(db.owner, 'real-bank');
  await expect(refuseForeignApps(urls)).rejects.toThrow(CliError);
  await expect(refuseForeignApps(urls)).rejects.toThrow(/not the demo's \(real-bank\).*--yes/);
});
