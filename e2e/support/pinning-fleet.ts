import { createHash, X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { Phone } from './phones';

const BETWEEN_MS = 250;

/** What one phone of the fleet went through. */
interface Member {
  readonly phone: Phone;
  version: number;
  pins: readonly string[];
}

/** Phones that attest again and again, and refuse their server unless its key is among the pins they were sent. */
export interface PinningFleet {
  readonly size: number;
  /** Connections that a phone's pins let through, and that they refused. */
  readonly counts: { accepted: number; refused: number };
  /** Ends the phones; rejects with what went wrong with one of them. */
  stop(): Promise<void>;
}

/** Enrols the phones and lets them go on until they are stopped. */
export async function startPinningFleet(
  phones: readonly Phone[],
  serviceUrl: string,
  server: { host: string; port: number },
): Promise<PinningFleet> {
  const counts = { accepted: 0, refused: 0 };
  let isStopped = false;
  const members = await Promise.all(
    phones.map(async (phone): Promise<Member> => {
      const { body } = await phone.enrol(serviceUrl);
      return hold({ phone, version: 0, pins: [] }, body.config);
    }),
  );
  const live = async (member: Member) => {
    while (!isStopped) {
      const { status, body } = await member.phone.attest(serviceUrl, { configVersion: member.version });
      if (status !== 200) throw new Error(`An honest phone was refused: ${status} ${body.code}`);
      hold(member, body.config);
      const presented = await presentedPins(server);
      const isGood = member.pins.length === 0 || presented.some((pin) => member.pins.includes(pin));
      counts[isGood ? 'accepted' : 'refused'] += 1;
      await sleep(BETWEEN_MS);
    }
  };
  const lives = Promise.allSettled(members.map(live));
  return {
    size: phones.length,
    counts,
    stop: async () => {
      isStopped = true;
      for (const result of await lives) if (result.status === 'rejected') throw result.reason;
    },
  };
}

/** Version of a signed configuration. */
export function versionOf(jws: string | undefined): number {
  return configOf(jws ?? '').version;
}

function configOf(jws: string): { version: number; pins: { spkiSha256: string[] }[] } {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()).config;
}

/** Takes a newer configuration over. */
function hold(member: Member, jws: string | undefined): Member {
  if (jws === undefined) return member;
  const config = configOf(jws);
  member.version = config.version;
  member.pins = config.pins.flatMap((set) => set.spkiSha256);
  return member;
}

function presentedPins({ host, port }: { host: string; port: number }): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false }, () => {
      const leaf = new X509Certificate(socket.getPeerCertificate().raw);
      const spki = leaf.publicKey.export({ format: 'der', type: 'spki' });
      socket.destroy();
      resolve([createHash('sha256').update(spki).digest('base64')]);
    });
    socket.on('error', reject);
  });
}
