export { createFleet, type Fleet, loadFleet } from './fleet-store';
export { runFleet } from './run-fleet';
