import type { KeyObject } from 'node:crypto';
import { type CompiledPolicy, compilePolicy, isInShare, refuseAll } from '@/lib/appraisal';
import type { BlockList } from '@/lib/block-list';
import type {
  ApiKeySnapshot,
  ApiSnapshot,
  AppChange,
  CutOffSnapshot,
  NewerPolicy,
  Platform,
  Policy,
  RelyingPartySnapshot,
  SigningKeySnapshot,
  StatusListSnapshot,
  UnsupportedPolicy,
} from '@/lib/contracts';
import { POLICY_SCHEMA_VERSION } from '@/lib/contracts';
import {
  type AnchorSet,
  anchorsWith,
  androidApps,
  BUILT_IN_ANCHORS,
  type ReferenceValues,
} from '@/lib/evidence';
import { type ApiConfig, CutOffs } from '@/lib/relying-party';
import { publicKeyOf } from '@/lib/tokens';
import { ApiKeys } from './api-keys';
import { loadedStatusList, type StatusList } from './status-list';

/** A policy version that may judge. */
export interface JudgingPolicy {
  readonly version: number;
  readonly compiled: CompiledPolicy;
  /** As tokens name it. */
  readonly policyIds: readonly string[];
}

/** A version that is being rolled out. */
export interface CandidatePolicy extends JudgingPolicy {
  readonly rolloutId: string;
  /** Share of devices that it judges; the others are judged by the one in force, and it is only noted what it would say. */
  readonly percent: number;
}

/** An app with everything that can be prepared once per change: compiled policies, anchors, reference values. */
export interface AppEntry {
  readonly app: AppChange;
  /** The version in force, or what stands for it where this build cannot read that. */
  readonly policy: JudgingPolicy;
  readonly candidate: CandidatePolicy | null;
  /** Schema of the policy in force, where this build is too old for it. */
  readonly unsupportedSchema: number | null;
  readonly anchors: AnchorSet;
  /** Names of all anchors: what is enrolled under another one is trusted no more. */
  readonly anchorNames: ReadonlySet<string>;
  readonly reference: ReferenceValues;
  readonly appleAppIds: readonly string[];
  /** Status by platform and version. */
  readonly versions: ReadonlyMap<string, 'registered' | 'withdrawn'>;
}

/** A token-signing key, public half. */
export interface KeyEntry {
  readonly snapshot: SigningKeySnapshot;
  readonly key: KeyObject;
}

/**
 * Everything that a node must obey, at one position of the change feed. Changed only by `applyChange`, in one
 * synchronous step per change, and replaced as a whole by a reload.
 */
export interface Snapshot {
  readonly epoch: string;
  seq: number;
  readonly apps: Map<string, AppEntry>;
  readonly apis: Map<string, ApiConfig>;
  readonly blocks: BlockList;
  readonly keys: Map<string, KeyEntry>;
  /** The same keys as verifiers want them. */
  readonly publicKeys: Map<string, KeyObject>;
  readonly cutOffs: CutOffs;
  /** Position of the last change that cut something off or concerned a key; where it was loaded, of the load. */
  revokedSeq: number;
  readonly apiKeys: ApiKeys;
  /** Relying parties that follow the revocation feed by name: id by the hash of their credential. */
  readonly relyingParties: Map<string, string>;
  statusList: StatusList;
}

/** What a snapshot is made of, as loaded in one transaction. */
export interface SnapshotSource {
  epoch: string;
  seq: number;
  apps: readonly AppChange[];
  apis: readonly ApiSnapshot[];
  /** Becomes the snapshot's own. */
  blocks: BlockList;
  signingKeys: readonly SigningKeySnapshot[];
  cutOffs: readonly CutOffSnapshot[];
  apiKeys: readonly ApiKeySnapshot[];
  relyingParties: readonly RelyingPartySnapshot[];
  statusList: StatusListSnapshot;
}

/** Key of `AppEntry.versions`. */
export function versionKey(platform: Platform, version: string): string {
  return `${platform} ${version}`;
}

function isNewer(policy: Policy | NewerPolicy): policy is NewerPolicy {
  return policy.schema !== 1 && policy.schema !== POLICY_SCHEMA_VERSION;
}

/**
 * The policy in force. One of a newer schema cannot be obeyed: `strict` apps deny then, `best_effort` ones keep the last
 * version that this node could read, where it knows one.
 */
function judgingPolicy(app: AppChange, before: AppEntry | undefined): JudgingPolicy {
  const { id, policy, policyVersion: version } = app;
  if (!isNewer(policy)) return judging(id, version, compilePolicy(policy, app.quarantines));
  const last = before?.policy.compiled.policy;
  if (app.onStale === 'strict' || !before || !last) return judging(id, version, refuseAll(policy.schema));
  return judging(id, before.policy.version, compilePolicy(last, app.quarantines));
}

function judging(appId: string, version: number, compiled: CompiledPolicy): JudgingPolicy {
  return { version, compiled, policyIds: [`${appId}/${version}`] };
}

function candidatePolicy({ id, candidate, quarantines }: AppChange): CandidatePolicy | null {
  if (candidate === null) return null;
  const { rolloutId, version, percent, policy } = candidate;
  return { rolloutId, percent, ...judging(id, version, compilePolicy(policy, quarantines)) };
}

/** Which version judges a device, and which one is only noted; what no device has proved to be its own is judged by the one in force. */
export function policiesFor(
  { policy, candidate }: AppEntry,
  instanceId: string | null,
): { judge: JudgingPolicy; shadow: JudgingPolicy | null } {
  if (candidate === null) return { judge: policy, shadow: null };
  const isChosen = instanceId !== null && isInShare(candidate.rolloutId, instanceId, candidate.percent);
  return isChosen ? { judge: candidate, shadow: policy } : { judge: policy, shadow: candidate };
}

/** Prepares an app, `before` being what is known of it. Its trust anchors count only in a development environment. */
export function appEntry(app: AppChange, before?: AppEntry): AppEntry {
  const teamId = app.appleTeamId;
  const appleApps = teamId === null ? [] : app.appleBundleIds.map((bundleId) => ({ teamId, bundleId }));
  const anchors = app.environment === 'development' ? anchorsWith(app.trustAnchors) : BUILT_IN_ANCHORS;
  return {
    app,
    policy: judgingPolicy(app, before),
    candidate: candidatePolicy(app),
    unsupportedSchema: isNewer(app.policy) ? app.policy.schema : null,
    anchors,
    anchorNames: new Set(
      Object.values(anchors).flatMap((list: AnchorSet['apple']) => list.map(({ name }) => name)),
    ),
    reference: {
      appleApps,
      appleEnvironments: app.appleEnvironments,
      androidApps: androidApps(app.androidPackages, app.androidSignerDigests),
    },
    appleAppIds: appleApps.map(({ teamId: team, bundleId }) => `${team}.${bundleId}`),
    versions: new Map(
      app.versions.map(({ platform, version, status }) => [versionKey(platform, version), status]),
    ),
  };
}

/** Of which apps the policy in force needs a newer version of this node, and what it does meanwhile. */
export function unsupportedPolicies({ apps }: Snapshot): UnsupportedPolicy[] {
  return Array.from(apps.values()).flatMap(({ app, policy, unsupportedSchema: schema }) =>
    schema === null
      ? []
      : {
          ...{ appId: app.id, version: app.policyVersion, schema },
          judgedBy: policy.compiled.policy === null ? null : policy.version,
        },
  );
}

/** What `decide` knows of a protected API. */
export function apiConfig({ id, appIds, mode }: ApiSnapshot): ApiConfig {
  return { id, appIds: new Set(appIds), mode };
}

/** Builds a snapshot from what was loaded; `before` is the one that it replaces. */
export function buildSnapshot(source: SnapshotSource, before?: Snapshot): Snapshot {
  const keys = new Map(
    source.signingKeys.map((snapshot): [string, KeyEntry] => [
      snapshot.kid,
      { snapshot, key: publicKeyOf(snapshot.publicJwk) },
    ]),
  );
  return {
    epoch: source.epoch,
    seq: source.seq,
    apps: new Map(source.apps.map((app) => [app.id, appEntry(app, before?.apps.get(app.id))])),
    apis: new Map(source.apis.map((api) => [api.id, apiConfig(api)])),
    blocks: source.blocks,
    keys,
    publicKeys: new Map(Array.from(keys, ([kid, entry]) => [kid, entry.key])),
    cutOffs: new CutOffs(source.cutOffs),
    revokedSeq: source.seq,
    apiKeys: new ApiKeys(source.apiKeys),
    relyingParties: new Map(source.relyingParties.map(({ id, credentialHash }) => [credentialHash, id])),
    statusList: loadedStatusList(source.statusList),
  };
}
