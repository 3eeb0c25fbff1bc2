import "./theme/mantine.css";
import "./theme/fonts.css";
import "./theme/global.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createBrowserRouter, RouterProvider } from "react-router";
import { newQueryClient } from "./api/queryClient";
import { LiveUpdates } from "./live/LiveUpdates";
import { prefetchPage } from "./pages/prefetch";
import { routes } from "./routes";
import { theme } from "./theme/theme";

const queryClient = newQueryClient();
prefetchPage(queryClient, location.pathname);
const router = createBrowserRouter(routes);

/** The application: theme, cache, events and routes, from the outside in. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" deduplicateCssVariables={false}>
      <QueryClientProvider client={queryClient}>
        <LiveUpdates>
          <RouterProvider router={router} />
        </LiveUpdates>
      </QueryClientProvider>
    </MantineProvider>
  );
}
