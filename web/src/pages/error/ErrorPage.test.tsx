import { screen } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test, vi } from "vitest";
import { routes } from "../../routes";
import { fakeApi } from "../../test/fakeApi";
import { renderApp } from "../../test/renderApp";

vi.mock("../home/HomePage", () => ({
  HomePage() {
    throw new Error("broken");
  },
}));

test("a page that breaks is replaced by an explanation; the header stays", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  fakeApi({});
  renderApp(<RouterProvider router={createMemoryRouter(routes)} />);
  expect(await screen.findByRole("heading", { level: 1, name: "This page broke" })).toBeInTheDocument();
  expect(screen.getByText(/What you submitted is safe/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "How it works" })).toBeInTheDocument();
});

vi.mock("../explore/ExplorePage", () => {
  throw new Error("no answer");
});

test("a page that can't be loaded is not called broken", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  renderApp(<RouterProvider router={createMemoryRouter(routes, { initialEntries: ["/explore"] })} />);
  const heading = { level: 1, name: "This page could not be loaded" };
  expect(await screen.findByRole("heading", heading)).toBeInTheDocument();
});
