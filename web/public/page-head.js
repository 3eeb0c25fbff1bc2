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

  const preload = (href, properties) => {
    const link = document.createElement("link");
    // With the mode of the application's own request: otherwise the browser loads the file twice.
    document.head.append(Object.assign(link, { rel: "preload", crossOrigin: "", href }, properties));
  };

  // Loads the code of the page along with that of the application. The build names its files.
  const kinds = {
    js: { rel: "modulepreload" },
    css: { as: "style" },
    woff2: { as: "font", type: "font/woff2" },
  };
  const files = document.currentScript.dataset[location.pathname.split("/", 2)[1]];
  for (const file of files?.split(" ") ?? []) {
    preload(`/assets/${file}`, kinds[file.split(".").at(-1)]);
  }

  // Loads the data that the page shows first; src/pages/prefetch.ts fetches the same. For a number that was not submitted this
  // costs one more request: browsers do not reuse an error.
  const [, canonical] = /^\/values\/(0|-?[1-9]\d{0,14})$/.exec(location.pathname) ?? [];
  const data =
    canonical !== undefined
      ? [`values/${canonical}`, `numbers/${canonical}`]
      : location.pathname === "/"
        ? ["indices?limit=20", "values?limit=20"]
        : [];
  for (const address of data) {
    preload(`/api/${address}`, { as: "fetch" });
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
