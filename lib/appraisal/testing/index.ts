export { inputArbitrary, policyArbitrary, quarantinesArbitrary, threatArbitrary } from './arbitraries';
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
