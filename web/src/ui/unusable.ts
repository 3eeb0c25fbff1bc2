/** Marks a button that has nothing to do. It keeps the focus, which a disabled one would lose. */
export const unusable = (yes: boolean) => ({ "aria-disabled": yes, "data-disabled": yes });
