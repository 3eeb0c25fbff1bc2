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

test("ErrorPage replaces a page that throws and keeps the header", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  fakeApi({});
  renderApp(<RouterProvider router={createMemoryRouter(routes)} />);
  expect(
    await screen.findByRole("heading", { level: 1, name: "Something went wrong on this page" }),
  ).toBeInTheDocument();
  expect(screen.getByText(/Everything you submitted is safe/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "How it works" })).toBeInTheDocument();
});

vi.mock("../explore/ExplorePage", () => {
  throw new Error("no answer");
});

test("ErrorPage tells a page that could not be loaded from one that throws", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  renderApp(<RouterProvider router={createMemoryRouter(routes, { initialEntries: ["/explore"] })} />);
  const heading = { level: 1, name: "This page could not be loaded" };
  expect(await screen.findByRole("heading", heading)).toBeInTheDocument();
});
