export { inputArbitrary, policyArbitrary, quarantinesArbitrary, RULES, threatArbitrary } from './arbitraries';
export {
  ANDROID,
  BOOT,
  DAY_SECONDS,
  DEMANDING,
  INTEGRITY,
  IOS,
  inputOf,
  LENIENT,
  NOW_MS,
  policyOf,
} from './attestation';
