import type { SVGProps } from 'react';

/** The product's mark: a tick, and the shorter stroke that echoes it. Decorative: the name stands beside it, or in an `aria-label`. */
export function Mark(props: SVGProps<SVGSVGElement>) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 24 24"
      width={20}
      height={20}
      fill="none"
      strokeWidth={2.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...props}
    >
      <path d="M2.6 9.2 6.2 12.8" className="stroke-accent" />
      <path d="M4.4 14.4 9.6 19.4 21.4 6" className="stroke-current" />
    </svg>
  );
}
