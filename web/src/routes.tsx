import type { RouteObject } from "react-router";
import { ErrorPage } from "./pages/ErrorPage";
import { HomePage } from "./pages/HomePage";
import { HowItWorksPage } from "./pages/HowItWorksPage";
import { Layout } from "./pages/Layout";
import { NotFoundPage } from "./pages/NotFoundPage";

/** What is shown at which address. A page that breaks keeps its header. */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <ErrorPage />,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          { path: "/", element: <HomePage /> },
          { path: "/otherpage", element: <HowItWorksPage /> },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];
