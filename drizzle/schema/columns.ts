import { customType, timestamp } from 'drizzle-orm/pg-core';

/** A point in time with its zone, read and written as `Date`. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Binary, read and written as `Buffer`. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
