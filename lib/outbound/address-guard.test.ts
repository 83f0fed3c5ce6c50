import { describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard';

describe('the address guard', () => {
  const guard = createAddressGuard([]);

  it('lets public addresses pass', () => {
    for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '172.32.0.1', '100.128.0.1']) {
      expect(guard.allows(address), address).toBe(true);
    }
  });

  it('refuses what is reachable from inside only, and what is no single host', () => {
    const inside = [
      '127.0.0.1',
      '127.9.9.9',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
    ];
    const special = ['0.0.0.0', '100.64.0.1', '192.0.2.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'];
    const v6 = [
      '::',
      '::1',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd12::1',
      'ff02::1',
      '2001:db8::1',
      '64:ff9b::a00:1',
    ];
    const tunnels = [
      '2002:7f00:1::',
      '2001::1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '::ffff:a9fe:a9fe',
      '::127.0.0.1',
    ];
    for (const address of [...inside, ...special, ...v6, ...tunnels, 'localhost', '', '1.2.3']) {
      expect(guard.allows(address), address).toBe(false);
    }
  });

  it('lets the private ranges pass that the operator names, and no others', () => {
    const open = createAddressGuard(['10.20.0.0/16', '127.0.0.1', 'fd00:1::/32']);
    for (const address of ['10.20.3.4', '127.0.0.1', 'fd00:1::5', '::ffff:10.20.0.1', '1.1.1.1']) {
      expect(open.allows(address), address).toBe(true);
    }
    for (const address of ['10.21.0.1', '127.0.0.2', 'fd00:2::5'])
      expect(open.allows(address), address).toBe(false);
  });

  it('refuses an entry that is no range', () => {
    for (const entry of ['example.com', '10.0.0.0/33', '10.0.0.0/8/8', '', '10.0.0.0/x']) {
      expect(() => createAddressGuard([entry]), entry).toThrow(TypeError);
    }
  });
});
