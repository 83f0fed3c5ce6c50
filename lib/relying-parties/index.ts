export { listRelyingParties } from './list-relying-parties';
export { registerRelyingParty } from './register-relying-party';
export { removeRelyingParty } from './remove-relying-party';
export {
  type Acknowledgement,
  deleteGoneReplicas,
  MOST_REPLICAS_OF_ONE,
  selectPartySnapshots,
  writeAcknowledgements,
} from './store';
