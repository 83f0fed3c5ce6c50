import { randomUUID } from 'node:crypto';
import type { PolicyEditor } from '@/lib/contracts';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { withDatabase } from '../support/inside';
import { loadPhones, type Product } from '../support/product';

test.describe.configure({ timeout: 120_000 });

/** Makes the analyst an administrator of this app as well, while `run` runs. */
async function withSecondAdmin(product: Product, appId: string, run: () => Promise<void>): Promise<void> {
  const id = randomUUID();
  await withDatabase(
    product,
    (sql) => sql`insert into role_grants (id, staff_id, role, app_id, created_at)
      select ${id}, id, 'admin', ${appId}, now() from staff where email = ${product.staff.analyst.email}`,
  );
  try {
    await run();
  } finally {
    await withDatabase(product, (sql) => sql`delete from role_grants where id = ${id}`);
  }
}

test('an admin takes up the baseline, and publishes what a second person approved, and nobody else', async ({
  pageAs,
  product,
}) => {
  const { TEST_APP } = await loadPhones();
  const page = await pageAs('admin', { colorScheme: 'dark' });
  const headers = { Origin: product.consoleUrl };
  const api = `/api/console/apps/${TEST_APP.id}/policies`;
  const editor = async () => (await (await page.request.get(`${api}/editor`)).json()) as PolicyEditor;
  const discard = async () => {
    const { draft } = await editor();
    if (draft === null) return;
    await page.request.delete(`${api}/draft`, { headers, data: { revision: draft.revision } });
  };
  await discard();

  await withSecondAdmin(product, TEST_APP.id, async () => {
    try {
      // A baseline of the organisation, whose words say what it changes.
      await page.goto('/policies/baseline');
      await page.getByRole('button', { name: 'Publish a baseline' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Begin with').selectOption({ label: 'strict' });
      await dialog.getByRole('button', { name: 'See what it changes' }).click();
      await dialog.getByLabel('Reason').fill(`What all apps have in common, ${randomUUID()}`);
      await expectAccessible(page, 'the dialog of a baseline');
      await dialog.getByRole('button', { name: /^Publish version/ }).click();
      await expect(dialog).toBeHidden();

      await page.goto(`/policies/${TEST_APP.id}/rollout`);
      await page.getByRole('button', { name: 'Ask for approval' }).click();
      await dialog.getByLabel('Reason').fill('Two pairs of eyes');
      await dialog.getByRole('button', { name: 'Ask for approval' }).click();
      await expect(page.getByText('Somebody other than the last editor must approve')).toBeVisible();

      // What overrides the baseline says so, and takes what the baseline says.
      await page.goto(`/policies/${TEST_APP.id}`);
      await page.getByLabel('Find a threat').fill('unofficial_store');
      const response = page.getByRole('radiogroup', { name: /^Response to Installed from/ });
      await expect(page.getByText('overrides the baseline')).toBeVisible();
      await page.getByRole('button', { name: 'Take the baseline’s: reject' }).click();
      await expect(response.getByRole('radio', { name: 'reject' })).toBeChecked();
      await expect(page.getByText('as the baseline')).toBeVisible();
      await page.getByLabel('Find a threat').fill('');
      await expectAccessible(page, 'the marks of the baseline, dark');

      // Whoever edits does not approve, and cannot publish before somebody else does.
      await page.getByRole('button', { name: 'Save draft' }).click();
      await page.getByRole('button', { name: /^Approve revision/ }).click();
      await expect(page.getByText('somebody else has to approve it')).toBeVisible();
      await page.getByRole('button', { name: 'Publish…' }).click();
      await dialog.getByLabel('Reason').fill('Stores that we do not know');
      await expect(dialog.getByText('approval needed')).toBeVisible();
      await expect(dialog.getByRole('button', { name: 'Begin to observe' })).toBeDisabled();
      await page.keyboard.press('Escape');

      const second = await pageAs('analyst', { colorScheme: 'light' });
      await second.goto(`/policies/${TEST_APP.id}`);
      await second.getByRole('button', { name: /^Approve revision/ }).click();
      await expect(second.getByText(/approved revision \d+\. It can be published/)).toBeVisible();
      await expectAccessible(second, 'an approved draft, light');

      // The first one hears of it without a reload.
      await expect(page.getByText(/approved revision \d+\. It can be published/)).toBeVisible();
      await page.getByRole('button', { name: 'Publish…' }).click();
      await dialog.getByLabel('Reason').fill('Stores that we do not know');
      await dialog.getByRole('button', { name: 'Begin to observe' }).click();
      await page.waitForURL(/\/rollout/);
      expect((await editor()).rollout).toMatchObject({ stage: 'observe', state: 'open' });
    } finally {
      const { rollout } = await editor();
      if (rollout !== null) {
        const data = { reason: 'the test is over' };
        await page.request.post(`/api/console/rollouts/${rollout.id}/stop`, { headers, data });
      }
      await discard();
      const settings = { needsApproval: false, reason: 'the test is over' };
      await page.request.put(`${api}/settings`, { headers, data: settings });
    }
  });
});
