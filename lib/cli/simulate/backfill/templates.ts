import { type ClientData, type Platform, THREATS, type ThreatId } from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import { createDeviceKey, type DeviceKey, type TestCa } from '@/lib/evidence/testing';
import { type AppEntry, type ClientFacts, type Presentation, type Rehearsed, rehearse } from '@/lib/service';
import { attestedAppId, type DemoApp } from '../../demo-apps';
import { type EvidenceKind, FORGE } from '../forge-evidence';

/** What devices have in common that present the same, but for their keys. */
export interface Likeness {
  readonly app: DemoApp;
  readonly platform: Platform;
  readonly evidence: EvidenceKind;
  readonly appVersion: string;
  readonly osVersion: string;
}

/** What the service makes of a likeness. */
export interface Template {
  readonly enrolment: Rehearsed;
  /** `null` where the enrolment is refused, and nothing can assert. */
  readonly attestation: Rehearsed | null;
}

const SDK_VERSION = '1.0.0';

/**
 * The verified facts of each likeness. The first of its kind really presents evidence, signed under the fleet's CA, and the
 * service's own verification judges it; the others differ from it in their keys alone.
 */
export class Templates {
  readonly #ca: TestCa;
  readonly #entries: ReadonlyMap<string, AppEntry>;
  readonly #nowMs: number;
  readonly #made = new Map<string, Promise<Template>>();
  readonly #ready = new Map<string, Template>();

  /** @param nowMs - a moment at which the CA's certificates are valid */
  constructor(ca: TestCa, entries: ReadonlyMap<string, AppEntry>, nowMs: number) {
    this.#ca = ca;
    this.#entries = entries;
    this.#nowMs = nowMs;
  }

  /** @throws TypeError for an app that is not registered */
  entry(app: DemoApp): AppEntry {
    const entry = this.#entries.get(app.id);
    if (entry === undefined) throw new TypeError(`${app.id} is not registered`);
    return entry;
  }

  /** The template, if it was made before: most were, and waiting costs more than they do. */
  peek(likeness: Likeness): Template | undefined {
    return this.#ready.get(keyOf(likeness));
  }

  async make(likeness: Likeness): Promise<Template> {
    const key = keyOf(likeness);
    const making = this.#made.get(key) ?? this.#present(likeness);
    this.#made.set(key, making);
    const template = await making;
    this.#ready.set(key, template);
    return template;
  }

  async #present(likeness: Likeness): Promise<Template> {
    const { app, platform, appVersion, osVersion, evidence } = likeness;
    const key = createDeviceKey();
    const entry = this.entry(app);
    const common = { entry, client: clientOf(likeness), nowMs: this.#nowMs };
    const enrolment = await rehearse({
      ...common,
      present: (clientData) => ({
        evidence: FORGE[evidence]({
          ca: this.#ca,
          app,
          platform,
          appVersion,
          osVersion,
          key,
          clientData: Buffer.from(clientData),
          nowMs: this.#nowMs,
        }),
      }),
    });
    const attestation = await this.#attest(common, likeness, { key, enrolment });
    return { enrolment, attestation };
  }

  async #attest(
    common: Omit<Presentation, 'present'>,
    { app, platform, evidence }: Likeness,
    { key, enrolment }: { key: DeviceKey; enrolment: Rehearsed },
  ): Promise<Rehearsed | null> {
    const { instance } = enrolment.verified;
    if (instance === null || instance.enrolment === null) return null;
    const { appId, format, claims } = instance.enrolment;
    const by = {
      id: instance.id,
      appId,
      format,
      counter: 0,
      claims,
      evidenceAtMs: this.#nowMs,
      integrity: null,
      mustReenrol: false,
    };
    const isApple = platform === 'ios' && evidence !== 'simulator';
    return rehearse({
      ...common,
      present: (bytes) => {
        const clientData = Buffer.from(bytes);
        const assertion = isApple
          ? this.#ca.appAttest.assert({ key, clientData, counter: 1, appId: attestedAppId(app, 'ios') })
          : this.#ca.android.assert({ key, clientData });
        return { assertion, by };
      },
    });
  }
}

function keyOf({ app, platform, evidence, appVersion, osVersion }: Likeness): string {
  return `${app.id}\n${platform}\n${evidence}\n${appVersion}\n${osVersion}`;
}

/** What the app says of itself; it found nothing. */
function clientOf({ app, platform, appVersion, osVersion }: Likeness): Omit<ClientData, 'challenge'> {
  const known = THREATS.filter(
    ({ freerasp, platforms }) => freerasp !== null && platforms.includes(platform),
  ).map(({ id, freerasp }) => [freerasp ?? id, false]);
  return {
    appId: app.id,
    platform,
    appVersion,
    osVersion,
    model: 'unknown',
    sdkVersion: SDK_VERSION,
    configVersion: 0,
    signals: Object.fromEntries(known),
    bindingHash: toBase64Url(Buffer.alloc(32)),
  };
}

/** What the same app says on a device of this model, having found these threats. */
export function clientOn(client: ClientFacts, model: string, findings: readonly ThreatId[]): ClientFacts {
  if (findings.length === 0) return { ...client, model };
  const { clear, unknown } = client.signals;
  return {
    ...client,
    model,
    signals: {
      threats: clear.filter((id) => findings.includes(id)),
      clear: clear.filter((id) => !findings.includes(id)),
      unknown,
    },
  };
}
