export { createSigningKeyPair, type SigningKey } from './keys';
export { signConfig } from './sign-config';
export { signToken } from './sign-token';
