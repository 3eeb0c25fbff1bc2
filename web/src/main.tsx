import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { loadAhead } from "./pages/loaders";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no element to render into");
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// Once everything that the first page needs is there.
window.addEventListener("load", () => setTimeout(loadAhead, 1_000));
