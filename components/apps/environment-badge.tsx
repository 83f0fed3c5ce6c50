import { Badge } from '@/components/ui/badge';
import type { AppEnvironment } from './app-draft';

/** Which environment an app is registered in. Development stands out: its evidence may prove nothing. */
export function EnvironmentBadge({ environment }: { environment: AppEnvironment }) {
  return environment === 'development' ? (
    <Badge tone="flagged">development</Badge>
  ) : (
    <Badge>production</Badge>
  );
}
