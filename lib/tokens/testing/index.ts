export { encodeSegment, factsOf, ISSUER, KEYS, NOW_MS, PAIR, signedWith, vectorOf } from './facts';
