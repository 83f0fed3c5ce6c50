export { type AddressGuard, createAddressGuard } from './address-guard';
export {
  boundedRequest,
  type OutboundAnswer,
  type OutboundFailure,
  type OutboundLimits,
} from './bounded-request';
export {
  EXCHANGE_FAILURES,
  type ExchangeAnswer,
  type ExchangeFailure,
  type ExchangeLimits,
  type ExchangeOutcome,
  type ExchangeRequest,
  exchange,
} from './exchange';
