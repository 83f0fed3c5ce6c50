/** What of a URL describes the view and goes with every link between pages. */
export const CARRIED_PARAMS = ['range', 'from', 'to', 'app'] as const;
