/** The pages that are loaded when they are gone to. */
export const numberPage = loader(() => import("./number/NumberPage"));
export const explorePage = loader(() => import("./explore/ExplorePage"));
export const howItWorksPage = loader(() => import("./how-it-works/HowItWorksPage"));

/** What is thrown when a page can't be had: the server is away, or has a newer one. */
export class PageNotLoaded extends Error {}

function loader<Page>(load: () => Promise<Page>): () => Promise<Page> {
  return async () => {
    try {
      return await load();
    } catch (cause) {
      throw new PageNotLoaded("A page could not be loaded", { cause });
    }
  };
}

/** Loads them beforehand, so that they can be gone to while the server is away. */
export function loadAhead() {
  for (const load of [numberPage, explorePage, howItWorksPage]) {
    // A page that can't be loaded now is loaded when it is gone to.
    load().catch(() => undefined);
  }
}
