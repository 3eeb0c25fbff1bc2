/** The pages that are loaded when they are gone to. */
export const numberPage = () => import("./NumberPage");
export const explorePage = () => import("./ExplorePage");
export const howItWorksPage = () => import("./HowItWorksPage");

/** Loads them beforehand, so that they can be gone to while the server is away. */
export function loadAhead() {
  for (const load of [numberPage, explorePage, howItWorksPage]) {
    // A page that can't be loaded now is loaded when it is gone to.
    load().catch(() => undefined);
  }
}
