import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { preloadPages } from "./pages/loaders";
import { copyPlainly } from "./ui/plainCopy";
import { surviveTranslation } from "./ui/surviveTranslation";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no element to render into");
}
surviveTranslation(root);
document.addEventListener("copy", copyPlainly);
const page = createRoot(root);
// In pieces, between which a slow phone answers.
startTransition(() =>
  page.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);

// After everything that the first page needs.
window.addEventListener("load", () => setTimeout(preloadPages, 1_000));
