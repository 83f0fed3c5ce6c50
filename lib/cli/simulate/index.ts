export { createFleet, type Fleet, loadFleet } from './fleet-store';
export { runFleet } from './run-fleet';
export { DEMO_SERVER_NAME, type DemoServer, openDemoServer } from './tls-server';
