import type { Page } from '@playwright/test';
import { expect } from './fixtures';
import type { Product, Role } from './product';

/** The question for the password, which an act has opened above its own dialog. */
export const stepUpDialog = (page: Page) => page.getByRole('dialog', { name: 'Is it still you?' });

/** Answers it as this role. */
export async function stepUp(page: Page, product: Product, role: Role): Promise<void> {
  const dialog = stepUpDialog(page);
  await dialog.getByLabel(/^Password of/).fill(product.staff[role].password);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog).toHaveCount(0);
}
