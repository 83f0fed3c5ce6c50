export { type DataSet, DataSetError } from './data-set';
export { ensureDataSet, type LoadedNetworks, loadDataSet, loadNetworks } from './load';
export { createNetworks, type NetworkFacts, type Networks } from './networks';
export { NetworksFileError } from './overrides';
export { type AddressRange, addressIn, rangesOf } from './ranges';
