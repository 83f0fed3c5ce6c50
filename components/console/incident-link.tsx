import Link from 'next/link';

/** An incident by its reference, which leads to everything that was decided in it. Nothing where there is none. */
export function IncidentLink({ incident }: { incident: string | null }) {
  if (incident === null) return null;
  return (
    <Link
      href={`/blocks?${new URLSearchParams({ incident, state: 'all' })}`}
      className="break-all font-mono text-ink underline underline-offset-2"
      data-tooltip="Everything that was decided in this incident"
    >
      {incident}
    </Link>
  );
}
