import { bigint, date, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns';

/*
 * Which device was rejected when, linked to when it was rejected before, so that the distinct devices of a window are counted
 * without looking at its events: each is found once, where it is linked to before the window. Written by the functions of
 * the scheduled work and of erasure alone.
 */

/** How many rejected days of devices (`device_days`) are linked to which day before (`-infinity`: to none). */
export const rejectedDeviceDays = pgTable(
  'rejected_device_days',
  {
    appId: text('app_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    previousDay: date('previous_day', { mode: 'string' }).notNull(),
    devices: integer('devices').notNull(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.day, table.previousDay] })],
);

/** One row for each device and minute in which it was rejected. Partitioned by day. */
export const deviceRejections = pgTable(
  'device_rejections',
  {
    appId: text('app_id').notNull(),
    instanceId: uuid('instance_id').notNull(),
    /** Begins the minute. */
    at: at('at').notNull(),
    /** The minute before it in which the device was rejected, or `-infinity`. */
    previousAt: at('previous_at').notNull(),
    /**
     * The hour of the minute, by which spans are read: an index that begins with the minute would be taken for the better one
     * to look a device up by, where the day's partition is not analysed yet.
     */
    hour: at('hour').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.instanceId, table.at] }),
    index('device_rejections_hour').on(table.appId, table.hour, table.at, table.previousAt),
    index('device_rejections_previous').on(table.appId, table.previousAt, table.at),
  ],
);

/** How many rows of an hour are linked to which hour before it; what is linked within its hour is not counted. */
export const rejectedDeviceHours = pgTable(
  'rejected_device_hours',
  {
    appId: text('app_id').notNull(),
    hour: at('hour').notNull(),
    previousHour: at('previous_hour').notNull(),
    devices: integer('devices').notNull(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.hour, table.previousHour] })],
);

/** From where to where an app's rejections are noted. */
export const rejectionProgress = pgTable('rejection_progress', {
  appId: text('app_id').primaryKey(),
  notedFrom: at('noted_from').notNull(),
  notedTo: at('noted_to').notNull(),
});

/** How many rejected attestations the sums told of an hour when it was noted: another number means that it is read again. */
export const rejectionHoursSeen = pgTable(
  'rejection_hours_seen',
  {
    appId: text('app_id').notNull(),
    hour: at('hour').notNull(),
    rejected: bigint('rejected', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.hour] })],
);
