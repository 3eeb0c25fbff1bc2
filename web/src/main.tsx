import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { preloadPages } from "./pages/loaders";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no element to render into");
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// After everything that the first page needs.
window.addEventListener("load", () => setTimeout(preloadPages, 1_000));
