export { type Completion, completeRotation, type HookValue } from './complete-rotation';
export { createApiKey } from './create-key';
export {
  type DeviceVersion,
  foldAdoption,
  recordDeliveries,
  recordDeviceUses,
} from './deliveries';
export { editApiKey } from './edit-key';
export { endGraces } from './end-graces';
export { requireApiKey, retireApiKeyVersion, revokeApiKeyVersion } from './end-version';
export { type OpenedValues, openKeyValues } from './open-values';
export { listApiKeys, readApiKey } from './read-keys';
export { activateApiKey, rotateApiKey, stageApiKey } from './rotate-key';
export { SETTLE_MS, versionToDeliver } from './standing';
export {
  databaseNowMs,
  type RotationRow,
  selectDueRevocations,
  selectDueRotations,
  settleRevocation,
  settleRotation,
} from './store/hooks';
export { selectKeySnapshots } from './store/versions';
export { deleteOldUses, type KeyUse, KeyUseCounters } from './use-counters';
export { hookIdentityOf } from './value';
