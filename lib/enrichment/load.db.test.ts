import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KIND_OF_ASN } from './asn-kinds';
import { loadDataSet, loadNetworks } from './load';
import type { Networks } from './networks';
import { NetworksFileError } from './overrides';
import { rangesOf } from './ranges';

let folder: string;
let networks: Networks;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-networks-'));
  const loaded = await loadNetworks();
  expect(loaded.warning).toBeNull();
  networks = loaded.networks;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the installed data sets', () => {
  it.each([
    ['8.8.8.8', 'US', 15_169, 'hosting'],
    ['1.1.1.1', 'AU', 13_335, 'hosting'],
    ['95.216.1.1', 'FI', 24_940, 'hosting'],
    ['52.95.110.1', 'US', 16_509, 'hosting'],
    ['37.19.200.1', 'US', 212_238, 'anonymiser'],
    ['185.213.154.1', 'SE', 39_351, 'anonymiser'],
    ['91.0.0.1', 'DE', 3320, 'access'],
    ['86.128.0.1', 'GB', 2856, 'access'],
    ['73.0.0.1', 'US', 7922, 'access'],
    ['49.36.0.1', 'IN', 55_836, 'access'],
    ['177.32.0.1', 'BR', 28_573, 'access'],
    ['104.28.1.1', 'US', 13_335, 'access'],
    ['172.224.226.1', 'GB', 36_183, 'access'],
    ['2003:c0::1', 'DE', 3320, 'access'],
    ['2a01:4f8::1', 'DE', 24_940, 'hosting'],
    ['2600:1f18::1', 'US', 14_618, 'hosting'],
    ['2804:14c::1', 'BR', 28_573, 'access'],
    ['192.168.1.1', null, null, 'private'],
    ['203.0.113.1', null, null, 'unknown'],
    ['198.51.100.1', null, null, 'unknown'],
    ['2001:db8::1', null, null, 'unknown'],
  ])('know %s', (address, country, asn, kind) => {
    expect(networks.describe(address)).toEqual({ country, asn, kind });
  });

  it('know every network that was reviewed', async () => {
    const data = await loadDataSet();
    const known = new Set([...data.asn4.values, ...data.asn6.values]);
    expect([...KIND_OF_ASN.keys()].filter((asn) => !known.has(asn))).toEqual([]);
    expect(rangesOf(data, new Set([3320])).filter(({ country }) => country === 'DE').length).toBeGreaterThan(
      10,
    );
  });
});

it('are a warning where they are missing, and nothing else', async () => {
  const { networks: none, warning } = await loadNetworks({ from: pathToFileURL(`${folder}/main.mjs`).href });
  expect(warning).toMatch(/^The address data sets cannot be used \(@ip-location-db\/.* is not installed\)/);
  expect(none.describe('8.8.8.8')).toEqual({ country: null, asn: null, kind: 'unknown' });
});

describe("the operator's file", () => {
  it('is heard', async () => {
    const file = path.join(folder, 'networks.json');
    await writeFile(file, '{"asns": {"3320": "hosting"}, "prefixes": {"203.0.113.0/24": "access"}}');
    const { networks: own } = await loadNetworks({ file });
    expect(own.describe('91.0.0.1').kind).toBe('hosting');
    expect(own.describe('203.0.113.1').kind).toBe('access');
  });

  it.each([
    ['missing.json', null, 'cannot be read'],
    ['bad.json', '{"asns": {"x": "access"}}', 'is wrong at asns x: is no AS number'],
  ])('%s keeps the service from starting, and is named', async (name, content, why) => {
    const file = path.join(folder, name);
    if (content !== null) await writeFile(file, content);
    await expect(loadNetworks({ file })).rejects.toThrow(NetworksFileError);
    await expect(loadNetworks({ file })).rejects.toThrow(`COUNTERSIGN_NETWORKS_FILE: ${file} ${why}.`);
  });
});
