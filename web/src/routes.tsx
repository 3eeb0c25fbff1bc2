import type { RouteObject } from "react-router";
import { ErrorPage } from "./pages/ErrorPage";
import { HomePage } from "./pages/HomePage";
import { Layout } from "./pages/Layout";
import { NotFoundPage } from "./pages/NotFoundPage";

/** What is shown at which address. A page that breaks keeps its header; all but the first are loaded when they are gone to. */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <ErrorPage />,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          { path: "/", element: <HomePage /> },
          { path: "/values/:index", lazy: () => import("./pages/NumberPage") },
          { path: "/explore", lazy: () => import("./pages/ExplorePage") },
          { path: "/otherpage", lazy: () => import("./pages/HowItWorksPage") },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];
