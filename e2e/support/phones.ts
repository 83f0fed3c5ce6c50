/* What the tests need of the product's own test tools. Bundled, because those are not for Playwright's loader. */
export { createTlsCa, startTlsServer, type TestTlsServer } from '@/lib/certificates/testing/tls-ca';
export { createTestCa, loadTestCa, type SerialisedTestCa, type TestCa } from '@/lib/evidence/testing';
export { Phone } from '@/lib/service/testing/phone';
export { TEST_APP } from '@/lib/service/testing/service';
