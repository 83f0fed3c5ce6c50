export { type AddressGuard, createAddressGuard } from './address-guard';
export {
  EXCHANGE_FAILURES,
  type ExchangeAnswer,
  type ExchangeFailure,
  type ExchangeLimits,
  type ExchangeOutcome,
  type ExchangeRequest,
  exchange,
} from './exchange';
