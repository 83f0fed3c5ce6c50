import { describe, expect, test } from 'vitest';
import { isPartitionMissing } from './store';

const failure = (code: string, routine: string) => Object.assign(new Error('refused'), { code, routine });

describe('a day without a partition', () => {
  test('is told apart from other failed checks, whatever language the server speaks', () => {
    expect(isPartitionMissing(failure('23514', 'ExecFindPartition'))).toBe(true);
    expect(isPartitionMissing(failure('23514', 'ExecConstraints'))).toBe(false);
    expect(isPartitionMissing(failure('23505', '_bt_check_unique'))).toBe(false);
    expect(isPartitionMissing('23514')).toBe(false);
  });

  test('may be why a worker of a cluster refused rows', () => {
    expect(isPartitionMissing(failure('XX000', 'ReportCopyError'))).toBe(true);
    expect(isPartitionMissing(failure('23514', 'ReportResultError'))).toBe(true);
    expect(isPartitionMissing(failure('23505', 'ReportResultError'))).toBe(false);
  });
});
