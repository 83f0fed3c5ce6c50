import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';

/** Shown in the frame for what is not there, or is not for this person to see. */
export default function NotFoundHere() {
  return (
    <Card aria-label="Not found">
      <EmptyState
        title="There is nothing at this address"
        actions={
          <ButtonLink href="/overview" variant="primary">
            Go to the overview
          </ButtonLink>
        }
      >
        The link may be old, what it led to may be gone, or it belongs to an app that you have no role for.
      </EmptyState>
    </Card>
  );
}
