import { startProduct } from './support/start-product';

/** Starts the product for all tests, and stops it after them. */
export default async function setup(): Promise<() => Promise<void>> {
  const { product, stop } = await startProduct();
  process.env.E2E_PRODUCT = JSON.stringify(product);
  return stop;
}
