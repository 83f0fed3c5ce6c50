import { expect, test } from 'vitest';
import { type AppRegistration, appRegistrationSchema } from './registry';

const APP: AppRegistration = {
  id: 'retail-bank',
  name: 'Retail Bank',
  environment: 'production',
  appleTeamId: null,
  appleBundleIds: [],
  appleEnvironments: [],
  androidPackages: ['com.example.bank'],
  androidSignerDigests: ['0'.repeat(64)],
  trustAnchors: [],
  versions: [],
  policyTemplate: 'balanced',
};

test.each(['baseline', 'new'])('an app cannot take the id "%s", under which the console has a page', (id) => {
  expect(appRegistrationSchema.safeParse(APP).success).toBe(true);
  const refused = appRegistrationSchema.safeParse({ ...APP, id });
  expect(refused.error?.issues).toMatchObject([{ path: ['id'], message: 'names a page of the console' }]);
});
