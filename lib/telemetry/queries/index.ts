export { type Cursor, cutPage, decodeCursor, encodeCursor } from './cursor';
export { type EventScope, findEventByReference, type ListedEvent, listEvents } from './events';
export { explainAttestation } from './explain-attestation';
export { exportAttestations, listAttestations, listFacets } from './list-attestations';
export { listRecentEvents, type RecentEvent, readRecentRows } from './live-events';
export { readOverview } from './read-overview';
export { readHistogram } from './read-series';
export { countAttestationsSince } from './rollups';
