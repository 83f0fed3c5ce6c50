import type { KeyObject } from 'node:crypto';
import { type CompiledPolicy, compilePolicy } from '@/lib/appraisal';
import type { BlockList } from '@/lib/block-list';
import type {
  ApiKeySnapshot,
  ApiSnapshot,
  AppSnapshot,
  CutOffSnapshot,
  Platform,
  RelyingPartySnapshot,
  SigningKeySnapshot,
  StatusListSnapshot,
} from '@/lib/contracts';
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

/** An app with everything that can be prepared once per change: compiled policy, anchors, reference values. */
export interface AppEntry {
  readonly app: AppSnapshot;
  readonly policy: CompiledPolicy;
  readonly policyIds: readonly string[];
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
  apps: readonly AppSnapshot[];
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

/** Prepares an app. Its trust anchors count only in a development environment. */
export function appEntry(app: AppSnapshot): AppEntry {
  const teamId = app.appleTeamId;
  const appleApps = teamId === null ? [] : app.appleBundleIds.map((bundleId) => ({ teamId, bundleId }));
  const anchors = app.environment === 'development' ? anchorsWith(app.trustAnchors) : BUILT_IN_ANCHORS;
  return {
    app,
    policy: compilePolicy(app.policy),
    policyIds: [`${app.id}/${app.policyVersion}`],
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

/** What `decide` knows of a protected API. */
export function apiConfig({ id, appIds, mode }: ApiSnapshot): ApiConfig {
  return { id, appIds: new Set(appIds), mode };
}

/** Builds a snapshot from what was loaded. */
export function buildSnapshot(source: SnapshotSource): Snapshot {
  const keys = new Map(
    source.signingKeys.map((snapshot): [string, KeyEntry] => [
      snapshot.kid,
      { snapshot, key: publicKeyOf(snapshot.publicJwk) },
    ]),
  );
  return {
    epoch: source.epoch,
    seq: source.seq,
    apps: new Map(source.apps.map((app) => [app.id, appEntry(app)])),
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
