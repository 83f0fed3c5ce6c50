/** Somewhere that a text typed into the palette leads, without asking the server. */
export interface PaletteTarget {
  id: string;
  label: string;
  /** What was typed, in the form that is looked for. */
  value: string;
  href: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const REFERENCE = /^[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}$/;

/** Where an id or a reference leads; nothing for other texts. */
export function paletteTargets(text: string): PaletteTarget[] {
  const typed = text.trim();
  const id = typed.toLowerCase();
  if (UUID.test(id)) {
    return [{ id: `device-${id}`, label: 'Open device', value: id, href: `/devices/${id}` }];
  }
  const code = typed.toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (!REFERENCE.test(code)) return [];
  const reference = code.includes('-') ? code : `${code.slice(0, 4)}-${code.slice(4)}`;
  const href = `/attestations?event=${reference}`;
  return [{ id: `reference-${reference}`, label: 'Explain attestation', value: reference, href }];
}
