import {
  type AttestationRow,
  type BlockEffect,
  type BlockView,
  type DeviceView,
  threatTitle,
} from '@/lib/contracts';

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

const BLOCK_TITLES: Readonly<Record<BlockEffect, { start: string; end: string }>> = {
  refuse: { start: 'Blocked', end: 'Block ended' },
  simulate: { start: 'Block simulated', end: 'Simulation ended' },
  allow: { start: 'Put on the allowlist', end: 'Taken off the allowlist' },
};

function blockEntries(block: BlockView): Entry[] {
  const common = { verdict: null, eventId: null };
  const start: Entry = {
    ...common,
    at: block.createdAt,
    kind: block.effect === 'allow' ? 'unblock' : 'block',
    title: BLOCK_TITLES[block.effect].start,
    detail: block.reason,
    actorName: block.createdByName,
  };
  if (block.liftedAt === null) return [start];
  return [
    {
      ...common,
      at: block.liftedAt,
      kind: block.effect === 'allow' ? 'block' : 'unblock',
      title: BLOCK_TITLES[block.effect].end,
      detail: block.liftReason,
      actorName: block.liftedByName,
    },
    start,
  ];
}
