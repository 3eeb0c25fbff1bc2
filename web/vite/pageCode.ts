import { basename } from "node:path";
import type { Plugin, Rolldown } from "vite";

/** The pages that src/pages/loaders.ts loads when they are opened, by the first part of their addresses. */
const pages = {
  values: "number/NumberPage.tsx",
  explore: "explore/ExplorePage.tsx",
  pisano: "pisano/PisanoPage.tsx",
  table: "table/TablePage.tsx",
  otherpage: "how-it-works/HowItWorksPage.tsx",
};

/** The font of digits. Pages that begin with a number need it at once. */
const digitFont = "jetbrains-mono.woff2";
const numberPages = ["values", "table"];

/** In index.html, which this plugin completes. */
const headScript = '<script src="/page-head.js"';

/**
 * Names in index.html the files of each page, as attributes of page-head.js, which has them loaded along with the application.
 * Otherwise a browser would learn of them only once the application has started.
 */
export function pageCode(): Plugin {
  return {
    name: "pisano:page-code",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {}, chunk: application }) {
        const loaded = new Set(application === undefined ? [] : filesOf(application, bundle));
        const attributes = Object.entries(pages).map(([page, module]) => {
          const chunk = Object.values(bundle).find(
            (file) => file.type === "chunk" && file.facadeModuleId?.endsWith(`/src/pages/${module}`),
          );
          if (chunk?.type !== "chunk") {
            throw new Error(`The build has no file for ${module}`);
          }
          const files = filesOf(chunk, bundle).filter((file) => !loaded.has(file));
          if (numberPages.includes(page)) {
            files.push(...fontFiles(bundle));
          }
          return ` data-${page}="${files.map((file) => basename(file)).join(" ")}"`;
        });
        return html.replace(headScript, headScript + attributes.join(""));
      },
    },
  };
}

function fontFiles(bundle: Rolldown.OutputBundle): string[] {
  const files = Object.values(bundle)
    .filter((file) => file.type === "asset" && file.names.includes(digitFont))
    .map(({ fileName }) => fileName);
  if (files.length === 0) {
    throw new Error(`The build has no file for ${digitFont}`);
  }
  return files;
}

/** Returns the names of a chunk and of all that it imports, with their style sheets. */
function filesOf(chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): string[] {
  const files = new Set<string>();
  const add = ({ fileName, imports, viteMetadata }: Rolldown.OutputChunk) => {
    if (files.has(fileName)) {
      return;
    }
    files.add(fileName);
    for (const style of viteMetadata?.importedCss ?? []) {
      files.add(style);
    }
    for (const name of imports) {
      const imported = bundle[name];
      if (imported?.type === "chunk") {
        add(imported);
      }
    }
  };
  add(chunk);
  return [...files];
}
