import { randomUUID } from 'node:crypto';
import { expect, test } from '../support/fixtures';

test('a row that arrives while the list is being read again stays in it', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phone = await newPhone('ios');
  await phone.enrol(product.serviceUrl);
  const model = `iPhone-${randomUUID()}`;
  const page = await pageAs('analyst');
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  // What the page reads once more when it is there: it looks before the phone attests, and comes back after.
  const isReading = new Promise<void>((resolve) => {
    void page.route(/\/api\/console\/attestations\?/, async (route) => {
      const answer = await route.fetch();
      resolve();
      await held;
      // The page may have given this reading up for another.
      await route.fulfill({ response: answer }).catch(() => undefined);
    });
  });
  await page.goto('/attestations');
  await isReading;

  await phone.attest(product.serviceUrl, { model });
  const row = page.getByRole('row').filter({ hasText: model });
  await expect(row.or(page.getByRole('button', { name: /new$/ }))).toBeVisible();
  letThrough();
  await expect(row).toBeVisible();
  await page.waitForTimeout(500);
  await expect(row).toBeVisible();
});
