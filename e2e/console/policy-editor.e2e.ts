import { randomUUID } from 'node:crypto';
import type { APIRequestContext, Page } from '@playwright/test';
import type { PolicyEditor } from '@/lib/contracts';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { loadPhones, type Product } from '../support/product';

test.describe.configure({ timeout: 150_000 });

/** The routes of the app's policy, as a colleague's browser calls them. */
function policyApi(request: APIRequestContext, { consoleUrl }: Product, appId: string) {
  const path = `/api/console/apps/${appId}/policies`;
  const headers = { Origin: consoleUrl };
  const editor = async () => (await (await request.get(`${path}/editor`)).json()) as PolicyEditor;
  return {
    editor,
    save: async (policy: PolicyEditor['inForce']['policy']) => {
      const { draft, inForce } = await editor();
      const data = { revision: draft?.revision ?? 0, basedOn: inForce.version, policy };
      const answer = await request.put(`${path}/draft`, { headers, data });
      expect(answer.ok(), await answer.text()).toBe(true);
    },
    /** Leaves the app as other tests know it. */
    clear: async () => {
      const { draft, rollout } = await editor();
      if (rollout !== null) {
        const data = { reason: 'the test is over' };
        await request.post(`/api/console/rollouts/${rollout.id}/stop`, { headers, data });
      }
      if (draft !== null) {
        await request.delete(`${path}/draft`, { headers, data: { revision: draft.revision } });
      }
    },
  };
}

const figure = (page: Page, side: 'stricter' | 'milder') =>
  page.locator(`[data-flips="${side}"] dd > span`).first();

test('an admin edits with foresight: the replay follows, a wrong rule says where, and the draft is published to observe', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const model = `Pixel ${randomUUID().slice(0, 8)}`;
  const { TEST_APP } = await loadPhones();
  const phone = await newPhone('android');
  const signals = { signals: { time_spoofing: true }, model };
  expect((await phone.enrol(product.serviceUrl, signals)).body.status).toBe('flagged');
  expect((await phone.attest(product.serviceUrl, signals)).body.status).toBe('flagged');

  const page = await pageAs('admin', { colorScheme: 'dark' });
  const api = policyApi(page.request, product, TEST_APP.id);
  await api.clear();
  try {
    await page.goto(`/policies/${TEST_APP.id}`);
    await expect(page.getByText('no verdict would flip')).toBeVisible();

    // However much other tests have recorded, these attestations are among the newest.
    await page.getByLabel('Replay over').selectOption({ label: 'Newest 1,000' });
    // A stricter response flips what was recorded, a milder one the other way.
    await page.getByLabel('Find a threat').fill('time_spoofing');
    const response = page.getByRole('radiogroup', { name: 'Response to Device clock spoofed' });
    await response.getByText('reject', { exact: true }).click();
    await expect(figure(page, 'stricter')).not.toHaveText('0');
    await expect(figure(page, 'milder')).toHaveText('0');
    const replay = page.getByRole('region', { name: 'Replay' });
    await expect(replay.getByText(model).first()).toBeVisible();
    // However long the rules are that samples name, a narrow page does not scroll sideways.
    const wide = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    if (wide !== null) await page.setViewportSize(wide);
    await response.getByText('observe', { exact: true }).click();
    await expect(figure(page, 'stricter')).toHaveText('0');
    await expect(figure(page, 'milder')).not.toHaveText('0');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(figure(page, 'stricter')).not.toHaveText('0');

    // A sample, under both policies.
    await replay
      .getByRole('button', { name: new RegExp(model) })
      .first()
      .click();
    const both = page.getByRole('dialog', { name: /under both policies/ });
    await expect(both.getByRole('region', { name: /in force/ })).toContainText('flagged');
    await expect(both.getByRole('region', { name: 'What is being edited' })).toContainText('rejected');
    await expectAccessible(page, 'an attestation under both policies');
    await page.keyboard.press('Escape');
    await page.getByLabel('Find a threat').fill('');
    await expectAccessible(page, 'the editor, dark');

    // What does not validate says so at its place, and cannot be saved.
    await page.getByRole('tab', { name: /Tokens/ }).click();
    const lifetime = page.getByLabel('Lifetime', { exact: true });
    await lifetime.fill('soon');
    await expect(lifetime).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('region', { name: 'Changes' }).getByText('tokenTtlSeconds')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save draft' })).toBeDisabled();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('button', { name: 'Save draft' })).toBeEnabled();

    // A rule completes what it may read, and underlines what it may not.
    await page.getByRole('tab', { name: /Rules/ }).click();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const expression = page.getByRole('combobox', { name: 'Expression of rule New rule' });
    await expect(expression).toBeFocused();
    await page.keyboard.type('platfrm == "ios"');
    await page.keyboard.press('Escape');
    const rule = page.getByRole('region', { name: 'Rule New rule' });
    await expect(rule.locator('mark')).toHaveText('platfrm');
    await expect(rule.getByRole('alert')).toContainText('platfrm');
    await expectAccessible(page, 'a rule with an error');
    await expression.fill('');
    await page.keyboard.type('platf');
    await expect(page.getByRole('option', { name: /platform/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' == "ios"');
    await expect(rule.getByText(/Costs at most/)).toBeVisible();
    await rule.getByRole('button', { name: /^Remove rule/ }).click();

    // A look at the history loses nothing.
    await page.getByRole('link', { name: 'History' }).click();
    await expect(page.getByRole('region', { name: 'Versions' })).toBeVisible();
    await page.getByRole('link', { name: 'Editor' }).click();
    await expect(page.getByText('Unsaved changes.')).toBeVisible();

    // A colleague saves meanwhile: both versions are shown, and merged.
    const { inForce } = await api.editor();
    await api.save({ ...inForce.policy, tokenTtlSeconds: 120 });
    await page.getByRole('button', { name: 'Save draft' }).click();
    const merging = page.getByRole('dialog', { name: 'Two versions of the draft' });
    await expect(merging.getByText(/flag → reject/).first()).toBeVisible();
    await expect(merging.getByRole('radio', { name: 'theirs' }).nth(1)).toBeChecked();
    await merging.getByRole('button', { name: 'Go on with this' }).click();
    await page.getByRole('button', { name: 'Save draft' }).click();
    await expect(page.getByText('Draft revision').first()).toBeVisible();
    await expect(page.getByText('Unsaved changes.')).toBeHidden();
    const saved = (await api.editor()).draft?.policy;
    expect(saved).toMatchObject({ tokenTtlSeconds: 120, threats: { time_spoofing: 'reject' } });

    // The difference in words, then observe.
    const changes = page.getByRole('region', { name: 'Changes' });
    await expect(changes.getByText(/: flag → reject/)).toBeVisible();
    await expect(changes.getByText('Token lifetime: 300 s → 120 s')).toBeVisible();
    await page.getByRole('button', { name: 'Publish…' }).click();
    const publishing = page.getByRole('dialog');
    await expect(publishing.getByText(/: flag → reject/)).toBeVisible();
    await expect(publishing.getByText(/Replayed over/)).toBeVisible();
    await publishing.getByLabel('Reason').fill('Clocks are turned back to reuse offers');
    await expectAccessible(page, 'the dialog that publishes');
    await publishing.getByRole('button', { name: 'Begin to observe' }).click();
    await page.waitForURL(/\/rollout/);
    expect((await api.editor()).rollout).toMatchObject({ stage: 'observe', state: 'open' });

    // The history knows it, and compares it.
    await page.goto(`/policies/${TEST_APP.id}/history`);
    const versions = page.getByRole('region', { name: 'Versions' });
    await versions
      .getByRole('button', { name: /Clocks are turned back/ })
      .first()
      .click();
    await expect(page.getByText(/: flag → reject/)).toBeVisible();
    const light = await pageAs('analyst', { colorScheme: 'light' });
    await light.goto(`/policies/${TEST_APP.id}/history`);
    await expect(light.getByRole('region', { name: 'Versions' })).toContainText('being rolled out');
    await expectAccessible(light, 'the history, light');
    await light.goto(`/policies/${TEST_APP.id}`);
    await expect(light.getByText('read only')).toBeVisible();
    await expect(light.getByRole('button', { name: 'Publish…' })).toBeHidden();
    await expectAccessible(light, 'the editor for who may only read, light');
  } finally {
    await api.clear();
  }
});
