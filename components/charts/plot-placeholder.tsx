/** Stands in a plot's box while its code is being loaded, and is silent for the first second. */
export function PlotPlaceholder() {
  return (
    <div role="status" className="flex h-full items-center justify-center text-sm text-dim">
      <span className="animate-appear [animation-delay:1s] [animation-fill-mode:backwards]">
        Loading the chart…
      </span>
    </div>
  );
}
