import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kotlinSnippet, swiftSnippet } from './device-snippets';
import { curlSnippet, nginxSnippet, type SnippetValues } from './snippets';

const VALUES: SnippetValues = {
  appId: 'retail-bank',
  appName: 'Retail Bank',
  serviceUrl: 'https://attest.example.com',
  apiId: 'payments-api',
};
const DOCUMENTED = { ...VALUES, serviceUrl: 'http://127.0.0.1:4000', apiId: 'retail-api' };

test('the nginx configuration is the one of the documentation, which is run by a test', () => {
  const guide = readFileSync('docs/integrate/nginx.md', 'utf8');
  const block = /```nginx\n([\s\S]*?)```/.exec(guide)?.[1];
  expect(nginxSnippet(DOCUMENTED)).toBe(block);
});

test('a service behind TLS is asked over TLS, under its own name', () => {
  const text = nginxSnippet(VALUES);
  expect(text).toContain('server attest.example.com:443;');
  expect(text).toContain('proxy_pass https://countersign/v1/authorize?api=payments-api;');
  expect(text).toContain('proxy_ssl_name attest.example.com;');
  expect(text).toContain('proxy_set_header Host attest.example.com;');
});

test.each([
  ['curl', curlSnippet],
  ['swift', swiftSnippet],
  ['kotlin', kotlinSnippet],
])('the %s code speaks to this service about this app', (_, snippet) => {
  const text = snippet(VALUES);
  expect(text).toContain('https://attest.example.com');
  expect(text).toContain('retail-bank');
  expect(text).not.toContain('undefined');
});

test('the name of an app cannot leave the comment that it stands in', () => {
  const hostile = { ...VALUES, appName: 'A */ B\nimport evil' };
  expect(kotlinSnippet(hostile)).toContain('/** Attests A * / B import evil with');
  expect(swiftSnippet(hostile)).toContain('/// Attests A */ B import evil with');
});
