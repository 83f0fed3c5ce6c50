import { z } from 'zod';

/** Pages whose views can be saved. */
export const VIEW_PAGES = ['overview', 'attestations', 'devices'] as const;

/** A view of a page that somebody named: the page and the query of its address, without the question mark. */
export const savedViewSchema = z.object({
  id: z.uuid(),
  page: z.enum(VIEW_PAGES),
  name: z.string(),
  query: z.string(),
  /** Whether everybody sees it, or only who made it. */
  shared: z.boolean(),
  createdByName: z.string(),
  /** Whether the reader may change or delete it. */
  own: z.boolean(),
  updatedAt: z.iso.datetime({ offset: true }),
});
export type SavedView = z.infer<typeof savedViewSchema>;
export const savedViewListSchema = z.object({ views: z.array(savedViewSchema) });

/** What is saved. A name is unique within a page among what its maker sees as theirs. */
export const saveViewSchema = z.strictObject({
  page: z.enum(VIEW_PAGES),
  name: z.string().trim().min(1, 'give it a name').max(60),
  query: z
    .string()
    .max(2_000)
    .regex(/^[^?#\s]*$/, 'is the query of an address, without the question mark'),
  shared: z.boolean(),
});
export type SaveView = z.infer<typeof saveViewSchema>;

/** Which views are listed: of one page, or of all. */
export const viewListQuerySchema = z.object({ page: z.enum(VIEW_PAGES).optional() });
export type ViewListQuery = z.infer<typeof viewListQuerySchema>;
