import { type ReportedSignals, readSignals } from '@/lib/appraisal';
import { type ClientData, clientDataSchema } from '@/lib/contracts';
import { AppError, fromBase64Url, sha256 } from '@/lib/core';
import { fieldsOf, parseStrictJson } from '../http/parse-body';

/** Client data as it arrived: the exact bytes that evidence covers, and what they say. */
export interface ReceivedClientData {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  /** App that it names, whatever else is wrong with it; `null` where it names none. */
  readonly appId: string | null;
  /** The data, or what is wrong with it by field. */
  readonly content: { ok: true; data: ClientData } | { ok: false; fields: Record<string, string> };
}

/**
 * Decodes client data and parses it as strictly as a body.
 * @throws AppError `request_invalid` or `request_malformed` where there is no JSON to look at
 */
export function readClientData(encoded: string): ReceivedClientData {
  const bytes = fromBase64Url(encoded);
  if (bytes === undefined) {
    throw new AppError('request_invalid', { fields: { clientData: 'must be canonical base64url' } });
  }
  const value = parseStrictJson(bytes);
  const parsed = clientDataSchema.safeParse(value);
  return {
    bytes,
    hash: sha256(bytes),
    appId: namedApp(value),
    content: parsed.success
      ? { ok: true, data: parsed.data }
      : { ok: false, fields: prefixed(fieldsOf(parsed.error)) },
  };
}

function namedApp(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('appId' in value)) return null;
  return typeof value.appId === 'string' ? value.appId : null;
}

function prefixed(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([path, message]) => [`clientData.${path}`, message]));
}

/** Signals as they are kept: what was found, what was looked for and not found, and unknown names that were found. */
export interface RecordedSignals extends ReportedSignals {
  readonly clear: readonly string[];
}

/** Reads signals, both ways round. */
export function recordSignals(signals: Readonly<Record<string, boolean>>): RecordedSignals {
  const absent: Record<string, boolean> = {};
  for (const name of Object.keys(signals)) if (signals[name] === false) absent[name] = true;
  return { ...readSignals(signals), clear: readSignals(absent).threats };
}
