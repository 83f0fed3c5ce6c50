import { DER, decodeCbor, parseCertificate, readDer, readDerMembers } from '../../index';
import { mutateCbor } from './mutate-cbor';
import { mutateDer } from './mutate-der';
import type { FuzzTarget } from './target';

/** The readers of DER, certificates and CBOR by themselves, from valid encodings. They have nothing to accept. */
export function cryptoTargets(
  certificates: readonly Uint8Array[],
  items: readonly Uint8Array[],
): FuzzTarget[] {
  return [
    {
      name: 'der',
      what: 'certificates, element by element',
      next: (random) => {
        const input = mutateDer(random, certificates[random.below(certificates.length)] ?? new Uint8Array());
        return () => {
          readDerMembers(readDer(input), DER.sequence);
          return false;
        };
      },
    },
    {
      name: 'certificate',
      what: 'certificates, element by element',
      next: (random) => {
        const input = mutateDer(random, certificates[random.below(certificates.length)] ?? new Uint8Array());
        return () => {
          parseCertificate(input);
          return false;
        };
      },
    },
    {
      name: 'cbor',
      what: 'attestation objects and assertions, item by item',
      next: (random) => {
        const input = mutateCbor(random, items[random.below(items.length)] ?? new Uint8Array());
        return () => {
          decodeCbor(input);
          return false;
        };
      },
    },
  ];
}
