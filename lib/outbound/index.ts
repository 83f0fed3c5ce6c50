export { type AddressGuard, createAddressGuard } from './address-guard';
export {
  boundedRequest,
  type OutboundAnswer,
  type OutboundFailure,
  type OutboundLimits,
  type OutboundRequest,
} from './bounded-request';
