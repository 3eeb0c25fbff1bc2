/** The pages that are loaded when they are first opened. */
export const numberPage = loader(() => import("./number/NumberPage"));
export const explorePage = loader(() => import("./explore/ExplorePage"));
export const pisanoPage = loader(() => import("./pisano/PisanoPage"));
export const tablePage = loader(() => import("./table/TablePage"));
export const howItWorksPage = loader(() => import("./how-it-works/HowItWorksPage"));

/** Thrown when a page cannot be loaded: the server is unavailable, or has a newer version. */
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

/** Loads the pages in advance, one after the other, so that they open even while the server is unavailable. */
export async function preloadPages() {
  for (const load of [numberPage, explorePage, pisanoPage, tablePage, howItWorksPage]) {
    // A page that cannot be loaded now is loaded when it is opened.
    await load().catch(() => undefined);
  }
}
