import { describe, expect, it } from 'vitest';
import { FileGatherer, fileNameOf, LineCounter } from './export-stream';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('LineCounter', () => {
  it('counts CSV rows across chunks, without the head and without line feeds in cells', () => {
    const counter = new LineCounter(1);
    counter.add(bytes('a,b\r\n1,"two\n'));
    expect(counter.rows).toBe(0);
    counter.add(bytes('lines"\r\n2,x\r\n'));
    expect(counter.rows).toBe(2);
    expect(counter.bytes).toBe(25);
  });

  it('counts NDJSON rows by their ends', () => {
    const counter = new LineCounter(0);
    counter.add(bytes('{"a":"1"}\n{"a":"2"}\n{"a'));
    expect(counter.rows).toBe(2);
  });
});

describe('fileNameOf', () => {
  it('takes the server’s name, and none that could leave the folder', () => {
    expect(fileNameOf('attachment; filename="attestations-2026.csv"', 'csv')).toBe('attestations-2026.csv');
    expect(fileNameOf('attachment; filename="../../x"', 'csv')).toBe('attestations.csv');
    expect(fileNameOf(null, 'ndjson')).toBe('attestations.ndjson');
  });
});

describe('FileGatherer', () => {
  it('holds a few megabytes of a file of any size, and gives all of it', async () => {
    const file = new FileGatherer();
    const megabyte = new Uint8Array(1024 * 1024).fill(65);
    for (let count = 0; count < 10; count += 1) {
      file.add(megabyte);
      expect(file.heldBytes).toBeLessThan(4 * 1024 * 1024);
    }
    const blob = file.finish('text/csv');
    expect(blob.size).toBe(10 * 1024 * 1024);
    expect(blob.type).toBe('text/csv');
  });
});
