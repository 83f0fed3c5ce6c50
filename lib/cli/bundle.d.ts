/** What a bundle was made from: its folder's name, and each source by its path from the root. */
export interface BundleManifest {
  name: string;
  inputs: Record<string, { mtimeMs: number; size: number; digest: string }>;
}
export function ensureBundle(root: string): Promise<string>;
export function isFresh(manifest: BundleManifest, root: string): boolean;
