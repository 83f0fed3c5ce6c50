import { boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns';

/** A view of a page that somebody named: the page and the query of its address. */
export const savedViews = pgTable(
  'saved_views',
  {
    id: uuid('id').primaryKey(),
    page: text('page', { enum: ['overview', 'attestations', 'devices'] }).notNull(),
    name: text('name').notNull(),
    query: text('query').notNull(),
    /** Whether everybody sees it, or only who made it. */
    shared: boolean('shared').notNull(),
    createdBy: uuid('created_by').notNull(),
    createdByName: text('created_by_name').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [index('saved_views_page').on(table.page, table.name)],
);
