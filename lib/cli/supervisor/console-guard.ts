import { offerAnswers } from '@/lib/live/held';
import { recordPeers } from './peer-address';

/**
 * Loaded before Next in the console's process: ends it when the supervisor is gone, and soon after it was asked to,
 * because live streams would keep it open for as long as somebody watches. Tells Next where requests come from, and lets
 * the handler of live streams hold its answers open without Next.
 */
const GRACE_MS = 1_500;

process.on('disconnect', () => process.exit(0));
process.once('SIGTERM', () => {
  setTimeout(() => process.exit(0), GRACE_MS).unref();
});
recordPeers();
offerAnswers('/api/live');
