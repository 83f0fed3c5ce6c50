import { describe, expect, test } from 'vitest';
import type { StaffActor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { LIVE_MESSAGES, type LiveMessage, type LiveTopic } from '@/lib/contracts';
import type { LiveItem } from './audience';
import { coalesce } from './coalesce';
import { encodeEvent } from './encode';
import { LiveHub } from './hub';
import { countEvents, SeenEvents } from './recent-attestations';
import { openStream } from './stream';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const serverTime = new Date(NOW_MS).toISOString();

interface Received {
  id?: string;
  event: string;
  data: unknown;
}

/** Reads events as a browser does: fields by line, an empty line ends an event. */
function parseEvents(text: string): Received[] {
  return text
    .split(/\n\n/)
    .filter((block) => block.includes('event: '))
    .map((block) => {
      const fields = new Map(
        block.split(/\r\n|\r|\n/).map((line) => {
          const [name = '', ...rest] = line.split(': ');
          return [name, rest.join(': ')] as const;
        }),
      );
      const id = fields.get('id');
      const event = fields.get('event') ?? '';
      const data: unknown = JSON.parse(fields.get('data') ?? 'null');
      LIVE_MESSAGES[event as LiveTopic].parse(data);
      return { ...(id === undefined ? {} : { id }), event, data };
    });
}

function listen(hub: LiveHub, actor: StaffActor = actorWith('analyst'), lastEventId: string | null = null) {
  let text = '';
  let closed = false;
  const state = { accepts: true };
  const subscription = hub.subscribe(actor, lastEventId, {
    write: (bytes) => {
      if (!state.accepts) return false;
      text += new TextDecoder().decode(bytes);
      return true;
    },
    close: () => {
      closed = true;
    },
  });
  return { subscription, state, received: () => parseEvents(text), isClosed: () => closed };
}

const attested = (appId: string, model = 'Pixel 10'): LiveItem => ({
  topic: 'attestations',
  data: {
    serverTime,
    counts: [{ appId, verdict: 'trusted', events: 1 }],
    rows: [row(appId, model)],
  },
});

function row(appId: string, model: string): LiveMessage<'attestations'>['rows'][number] {
  return {
    id: '018f0000-0000-7000-8000-000000000000',
    receivedAt: serverTime,
    reference: 'K7QF-2M9D',
    kind: 'attest',
    appId,
    appName: appId,
    instanceId: null,
    verdict: 'trusted',
    decidingThreat: null,
    platform: 'android',
    environment: 'development',
    appVersion: '1',
    osVersion: '16',
    model,
    country: null,
    networkKind: 'mobile',
    networkPrefix: null,
    asn: null,
  };
}
const audited = (appId: string | null): LiveItem => ({
  topic: 'audit',
  data: { id: 1, action: 'staff.create', targetKind: 'staff', targetId: 'x' },
  appId,
});
function hub(): LiveHub {
  const live = new LiveHub(() => NOW_MS);
  live.begin();
  return live;
}
const topics = (events: readonly Received[]) => events.map((event) => event.event);

describe('an event', () => {
  test('cannot be ended or followed by another through the text of a device', () => {
    const hostile = 'Pixel\r\n\r\nevent: nodes\ndata: {}\n\n\u2028\0';
    const text = new TextDecoder().decode(encodeEvent({ id: 'a-1', event: 'tick', data: { hostile } }));
    expect(text.match(/\n/g)).toHaveLength(4);
    expect(text).not.toMatch(/\r|\0/);
    expect(JSON.parse(text.split('\n')[2]?.slice('data: '.length) ?? '')).toEqual({ hostile });
  });

  test('whose id or name holds a line break is a mistake of ours', () => {
    expect(() => encodeEvent({ id: 'a\nb', event: 'tick', data: {} })).toThrow(TypeError);
    expect(() => encodeEvent({ event: 'tick\r', data: {} })).toThrow(TypeError);
  });
});

describe('the hub', () => {
  test('says hello first, then what happens, under dense ids', () => {
    const live = hub();
    const client = listen(live);
    live.publish(attested('bank'));
    live.publish(attested('bank', 'x\n\nevent: nodes'));
    live.tick();
    const events = client.received();
    expect(topics(events)).toEqual(['hello', 'attestations', 'attestations', 'tick']);
    const ids = events.map((event) => event.id?.split('-')[1]);
    expect(ids).toEqual(['0', '1', '2', undefined]);
  });

  test('greets nobody until everything that happens will be told', () => {
    const live = new LiveHub(() => NOW_MS);
    const early = listen(live, actorWith('analyst'), 'x-1');
    expect(early.received()).toEqual([]);
    live.begin();
    live.publish(attested('bank'));
    expect(topics(early.received())).toEqual(['hello', 'attestations']);
    expect(early.received()[0]).toMatchObject({ data: { resumed: false } });
    live.rest();
    expect(listen(live).received()).toEqual([]);
  });

  test('replays exactly what was missed to a client that comes back', () => {
    const live = hub();
    const first = listen(live);
    live.publish(attested('bank'));
    const cursor = first.received().at(-1)?.id ?? null;
    first.subscription.close();
    live.publish(attested('bank', 'missed 1'));
    live.publish(attested('bank', 'missed 2'));
    const second = listen(live, actorWith('analyst'), cursor);
    expect(second.received()[0]).toMatchObject({ event: 'hello', data: { resumed: true } });
    expect(JSON.stringify(second.received())).toMatch(/missed 1.*missed 2/);
    expect(second.received()).toHaveLength(3);
  });

  test('tells a client to reload that missed too much, comes from elsewhere, or invents a cursor', () => {
    const live = hub();
    const cursor = listen(live).received()[0]?.id ?? '';
    const invented = `${cursor.split('-')[0]}-99`;
    for (const id of [null, '', 'x', invented, `${'0'.repeat(16)}-0`, `${cursor}\n`]) {
      expect(listen(live, actorWith('analyst'), id).received()[0]).toMatchObject({
        data: { resumed: false },
      });
    }
    for (let count = 0; count < 700; count++) live.publish(attested('bank'));
    expect(listen(live, actorWith('analyst'), cursor).received()).toHaveLength(1);
    live.resync();
    expect(listen(live, actorWith('analyst'), cursor).received()[0]).toMatchObject({
      data: { resumed: false },
    });
  });

  test('shows an actor the apps that they were granted only, and otherwise that time goes on', () => {
    const live = hub();
    const client = listen(live, actorWith('analyst', 'bank'));
    live.publish(attested('fleet', 'secret'));
    live.publish(attested('bank'));
    expect(topics(client.received())).toEqual(['hello', 'tick', 'attestations']);
    expect(JSON.stringify(client.received())).not.toContain('secret');
  });

  test('shows audit rows that belong to no app to readers of the log only', () => {
    const live = hub();
    const clients = {
      auditor: listen(live, actorWith('auditor')),
      analyst: listen(live, actorWith('analyst')),
      ofBank: listen(live, actorWith('auditor', 'bank')),
      ofFleet: listen(live, actorWith('auditor', 'fleet')),
    };
    live.publish(audited(null));
    live.publish(audited('bank'));
    const seen = (client: ReturnType<typeof listen>) => client.received().length - 1;
    expect(Object.values(clients).map(seen)).toEqual([2, 1, 1, 0]);
  });

  test('shows nothing to a person who lost every grant', () => {
    const live = hub();
    const actor = actorWith('admin');
    const client = listen(live, actor);
    live.refreshActors([actor], new Map([[actor.sessionId, { ...actor, grants: [] }]]));
    live.publish(attested('bank'));
    live.publish(audited('bank'));
    expect(topics(client.received())).toEqual(['hello', 'tick']);
  });

  test('closes the streams of a session that has ended, and no other', () => {
    const live = hub();
    const [gone, here, late] = [actorWith('admin'), actorWith('admin'), actorWith('admin')];
    const clients = [gone, here].map((actor) => listen(live, actor));
    const since = listen(live, late);
    live.refreshActors([gone, here], new Map([[here.sessionId, here]]));
    expect(clients.map((client) => client.isClosed())).toEqual([true, false]);
    expect(since.isClosed()).toBe(false);
    expect(live.size).toBe(2);
  });

  test('sends a slow client nothing more until it has caught up, and then tells it to reload', () => {
    const live = hub();
    const slow = listen(live);
    slow.state.accepts = false;
    for (let count = 0; count < 5; count++) live.publish(attested('bank'));
    slow.state.accepts = true;
    live.publish(attested('bank'));
    expect(topics(slow.received())).toEqual(['hello']);
    slow.subscription.caughtUp();
    live.publish(attested('bank'));
    expect(topics(slow.received())).toEqual(['hello', 'hello', 'attestations']);
    expect(slow.received()[1]).toMatchObject({ data: { resumed: false } });
  });
});

describe('a stream', () => {
  test('lets no more wait for a client that does not read than a bounded number of bytes', async () => {
    const live = hub();
    const stream = openStream(live, actorWith('analyst'), null, new AbortController().signal);
    for (let count = 0; count < 1_000; count++) live.publish(attested('bank', 'x'.repeat(120)));
    const reader = stream.getReader();
    let bytes = 0;
    for (let text = ''; !text.includes('"resumed":false') || bytes < 1_000; ) {
      const { value } = await reader.read();
      bytes += value?.byteLength ?? 0;
      text = new TextDecoder().decode(value);
    }
    expect(bytes).toBeLessThan(80 * 1024);
    await reader.cancel();
    expect(live.size).toBe(0);
  });

  test('ends when the client goes', async () => {
    const live = hub();
    const client = new AbortController();
    const stream = openStream(live, actorWith('analyst'), null, client.signal);
    expect(live.size).toBe(1);
    client.abort();
    expect(live.size).toBe(0);
    await expect(new Response(stream).text()).resolves.toContain('event: hello');
    openStream(live, actorWith('analyst'), null, AbortSignal.abort());
    expect(live.size).toBe(0);
  });
});

describe('recent attestations', () => {
  const event = (id: string) => ({ id, appId: 'bank', verdict: 'trusted' as const });

  test('are told once each, also when they commit out of order', () => {
    const seen = new SeenEvents();
    expect(seen.takeNew([event('1'), event('3')])).toHaveLength(2);
    expect(seen.takeNew([event('1'), event('2'), event('3')]).map(({ id }) => id)).toEqual(['2']);
    expect(seen.takeNew([event('3')])).toEqual([]);
    expect(seen.takeNew([event('2'), event('3')])).toEqual([]);
  });

  test('are counted by app and verdict', () => {
    const events = [event('1'), event('2'), { ...event('3'), verdict: 'rejected' as const }];
    expect(countEvents(events)).toEqual([
      { appId: 'bank', verdict: 'trusted', events: 2 },
      { appId: 'bank', verdict: 'rejected', events: 1 },
    ]);
  });
});

describe('coalescing', () => {
  test('runs once at a time, and once more however often it was asked', async () => {
    let runs = 0;
    let running = 0;
    const run = coalesce(async () => {
      runs += 1;
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    });
    await Promise.all([run(), run(), run(), run()]);
    expect(runs).toBe(2);
  });
});
