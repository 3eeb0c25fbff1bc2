import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { newQueryClient } from "../api/queryClient";
import { LiveUpdates } from "../live/LiveUpdates";

/** Renders inside everything that surrounds the pages but the router. Failed requests are not retried. */
export function renderApp(children: ReactNode) {
  const client = newQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <LiveUpdates>{children}</LiveUpdates>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

/** Renders a part of a page, links included. */
export function renderPart(part: ReactNode) {
  return renderApp(<RouterProvider router={createMemoryRouter([{ path: "*", element: part }])} />);
}
