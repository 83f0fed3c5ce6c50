import { z } from 'zod';

/** Why somebody acts, as the audit log keeps it. */
export const reasonSchema = z.string().trim().min(3, 'say why in at least 3 characters').max(500);
