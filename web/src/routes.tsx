import type { RouteObject } from "react-router";
import { ErrorPage } from "./pages/error/ErrorPage";
import { HomePage } from "./pages/home/HomePage";
import { explorePage, howItWorksPage, numberPage, pisanoPage, tablePage } from "./pages/loaders";
import { NotFoundPage } from "./pages/not-found/NotFoundPage";
import { Layout } from "./ui/layout/Layout";
import { LoadingPage } from "./ui/layout/LoadingPage";

/** The pages by address. All but the first are loaded when they are opened. One that throws keeps the frame around it. */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <ErrorPage />,
    // Until the first page is loaded, there is no frame either.
    hydrateFallbackElement: <LoadingPage />,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          { path: "/", element: <HomePage /> },
          { path: "/values/:index", lazy: numberPage },
          { path: "/explore", lazy: explorePage },
          { path: "/pisano/:modulus?", lazy: pisanoPage },
          { path: "/table", lazy: tablePage },
          { path: "/otherpage", lazy: howItWorksPage },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];
