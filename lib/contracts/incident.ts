import { z } from 'zod';

const PATTERN = /^[\p{L}\p{N}#][\p{L}\p{N} ._:#/+-]*$/u;

/**
 * What an incident is called where it is kept: the number of a ticket or a case, such as `INC-2041`. It never begins as a
 * formula does, so that it goes into a spreadsheet as it is.
 */
export const incidentSchema = z
  .string()
  .trim()
  .min(2, 'has at least 2 characters')
  .max(64, 'has at most 64 characters')
  .regex(PATTERN, 'is a reference such as INC-2041: letters, digits, spaces and . _ : # / + -');
