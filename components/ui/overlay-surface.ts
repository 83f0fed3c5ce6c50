/** Classes of what floats over the page: menus, popovers, the palette. */
export const OVERLAY_SURFACE =
  'z-50 min-w-40 animate-rise rounded-card border bg-card p-1 text-ink shadow-overlay';

/** Classes of one choice in such a surface, for Radix's and cmdk's own highlight attributes. */
export const OVERLAY_ITEM =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-[6px] px-2 outline-none data-[highlighted]:bg-raised data-[selected=true]:bg-raised data-[disabled]:opacity-50 [&_svg]:shrink-0';
