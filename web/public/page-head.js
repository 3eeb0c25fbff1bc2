// Runs before the first paint. It is a separate file because the content security policy allows no inline scripts.
(() => {
  // Applies light or dark mode. Mantine stores the choice in local storage.
  let chosen = null;
  try {
    chosen = localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // Without access to storage, the system decides.
  }
  const dark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");

  // Loads the code of the page along with that of the application. The build names its files.
  const files = document.currentScript.dataset[location.pathname.split("/", 2)[1]];
  for (const file of files?.split(" ") ?? []) {
    const link = document.createElement("link");
    Object.assign(link, file.endsWith(".css") ? { rel: "preload", as: "style" } : { rel: "modulepreload" });
    link.crossOrigin = ""; // as the application asks for them
    link.href = `/assets/${file}`;
    document.head.append(link);
  }

  // Names the tab until the page does, unless the server did.
  const [, index] = /^\/values\/(-?\d{1,16})\/?$/.exec(location.pathname) ?? [];
  const names = {
    "/explore": "Explore",
    "/pisano": "Pisano wheel",
    "/table": "Table",
    "/otherpage": "How it works",
  };
  const name =
    index === undefined
      ? names[location.pathname]
      : `F(${index.replace(/\B(?=(\d{3})+$)/g, ",").replace("-", "−")})`;
  if (name !== undefined && document.title === "Pisano") {
    document.title = `${name} · Pisano`;
  }
})();
