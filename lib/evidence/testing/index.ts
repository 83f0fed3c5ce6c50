export type { AndroidAttestOptions, ForgedLevel, ForgedPackage } from './android';
export type { AppAssertOptions, AppAttestOptions, AppleLaunch } from './app-attest';
export type { DevAttestOptions } from './dev';
export {
  createDeviceKey,
  type DeviceKey,
  exportDeviceKey,
  importDeviceKey,
  signClientData,
} from './device-key';
export { certificatePem } from './issue-certificate';
export {
  createPlayIssuer,
  loadPlayIssuer,
  type PlayIssuer,
  type StoredPlayIssuer,
  verdictPayload,
} from './play';
export { createTestCa, loadTestCa, type SerialisedTestCa, type TestCa } from './test-ca';
