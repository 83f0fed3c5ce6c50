/** Wakes the readers of the change feed; the payload is the newest `seq`. */
export const CHANGES_CHANNEL = 'countersign_changes';
/** A node enforces everything up to a `seq`; the payload is `{nodeId, seq}` as JSON. */
export const ACKS_CHANNEL = 'countersign_acks';
/** Attestations were committed; several commits may share one wake-up. */
export const EVENTS_CHANNEL = 'countersign_events';
