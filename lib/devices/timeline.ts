import { type AttestationRow, type BlockView, type DeviceView, threatTitle } from '@/lib/contracts';

type Entry = DeviceView['timeline'][number];

const TITLES: Readonly<Record<AttestationRow['kind'], string>> = { enrol: 'Enrolled', attest: 'Attested' };

/** What happened to a device and what was done about it, newest first. */
export function timelineOf(events: readonly AttestationRow[], blocks: readonly BlockView[]): Entry[] {
  const entries = [...events.map(eventEntry), ...blocks.flatMap(blockEntries)];
  return entries.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function eventEntry(event: AttestationRow): Entry {
  return {
    at: event.receivedAt,
    kind: event.kind,
    verdict: event.verdict,
    title: TITLES[event.kind],
    detail: event.decidingThreat === null ? null : threatTitle(event.decidingThreat),
    eventId: event.id,
    actorName: null,
  };
}

function blockEntries(block: BlockView): Entry[] {
  const common = { verdict: null, eventId: null };
  const start: Entry = {
    ...common,
    at: block.createdAt,
    kind: 'block',
    title: 'Blocked',
    detail: block.reason,
    actorName: block.createdByName,
  };
  if (block.liftedAt === null) return [start];
  return [
    {
      ...common,
      at: block.liftedAt,
      kind: 'unblock',
      title: 'Block ended',
      detail: block.liftReason,
      actorName: block.liftedByName,
    },
    start,
  ];
}
