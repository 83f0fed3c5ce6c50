export {
  ANDROID,
  BOOT,
  DAY_SECONDS,
  DEMANDING,
  IOS,
  inputOf,
  LENIENT,
  NOW_MS,
  policyOf,
} from './attestation';
