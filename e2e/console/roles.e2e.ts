import { expect, test } from '../support/fixtures';
import { ROLES } from '../support/product';

for (const role of ROLES) {
  test(`the ${role} is known to the console after signing in`, async ({ pageAs, product }) => {
    const page = await pageAs(role);
    const me = await page.request.get('/api/console/me');
    expect(await me.json()).toMatchObject({
      email: product.staff[role].email,
      grants: [{ role, appId: null }],
    });
  });
}

test('nobody is known without signing in', async ({ request, product }) => {
  expect((await request.get(`${product.consoleUrl}/api/console/me`)).status()).toBe(401);
});
