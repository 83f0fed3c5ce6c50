import { ButtonLink } from '@/components/ui/button-link';
import { Mark } from '@/components/ui/mark';

/** Shown for an address that leads nowhere. */
export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-3 p-6 text-center">
      <Mark width={32} height={32} />
      <h1 className="text-xl font-semibold">There is nothing at this address.</h1>
      <p className="text-dim">The link may be old, or what it led to has been removed.</p>
      <ButtonLink href="/overview" variant="primary">
        Go to the overview
      </ButtonLink>
    </main>
  );
}
