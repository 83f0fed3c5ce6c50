export { readIntegrity } from './read-integrity';
export {
  accountIdentity,
  keysIdentity,
  type OpenedIntegrity,
  openIntegrity,
  readServiceAccount,
  type ServiceAccount,
} from './secrets';
export { setIntegrity } from './set-integrity';
export { selectQuotas, selectSealed, takeCall } from './store';
